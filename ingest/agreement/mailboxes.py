"""Mailboxes that belong to a role and not to a person, where the agreement names none: RFC 2142's and others."""

ROLES = """
abuse accounting accounts admin administration administrator billing buchhaltung bookkeeping bureau careers
contabilidad contact contacto compras comptabilite customerservice datenschutz dpo einkauf empfang
enquiries enquiry feedback finance frontdesk hello help helpdesk hostmaster hr info information
inquiries inquiry it jobs kontakt legal mail marketing
media newsletter no-reply noc noreply office orders personal post postmaster press presse privacy purchasing reception
recruiting root sales secretariat security sekretariat service services shop support team ventas verkauf vertrieb web
webmaster www zentrale
"""

SHARED_MAILBOXES = tuple(ROLES.split())
