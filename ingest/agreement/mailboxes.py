"""Mailboxes of a role (RFC 2142's and others) and providers of free mail, where the agreement names none."""

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

PROVIDERS = """
126.com 163.com aim.com alice.it aol.com arcor.de att.net bell.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br
btinternet.com centrum.cz charter.net comcast.net cox.net daum.net duck.com earthlink.net eircom.net email.com email.cz
fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com
inbox.com inbox.ru interia.pl kpnmail.nl laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.nl
mac.com mail.com mail.de mail.ru me.com msn.com naver.com neuf.fr o2.pl online.de onet.pl op.pl optonline.net orange.fr
outlook.com outlook.de outlook.fr planet.nl pm.me posteo.de proton.me protonmail.com qq.com rambler.ru rediffmail.com
rocketmail.com rogers.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com skynet.be sky.com sympatico.ca t-online.de
talktalk.net telenet.be telia.com terra.com.br tin.it tiscali.it tuta.com tutanota.com ukr.net uol.com.br verizon.net
virgilio.it virginmedia.com wanadoo.fr web.de windowslive.com wp.pl ya.ru yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk
yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com ziggo.nl zoho.com
zonnet.nl
"""

FREE_MAIL = tuple(PROVIDERS.split())
