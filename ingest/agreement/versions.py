"""All versions of the agreement in a folder: one file each, and what only the versions together can get wrong."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.agreement import references
from ingest.agreement.document import Document, parse
from ingest.agreement.problems import AgreementError, Problem, nearest
from ingest.agreement.shape import Agreement, Range
from ingest.agreement.shaping import FILLER, shape


def read(folder: Path) -> list[Agreement]:
    """Every version in a folder, oldest first; raises AgreementError with everything that has to be put right."""
    folder = Path(folder)
    files = [path for path in _listed(folder) if path.suffix in (".yml", ".yaml") and not path.name.startswith(".")]
    if not files:
        hint = "put the signed version there as v1.yml, or name another folder in ONEFUNNEL_AGREEMENT"
        raise AgreementError([Problem(str(folder), None, "", f"holds no version of the agreement: {hint}")])
    documents, versions = [], []
    for path in sorted(files, key=lambda path: (len(path.name), path.name)):
        documents.append(document := parse(path))
        if document.tree is not None and (agreement := shape(document)) is not None:
            document.problems += _references(document, agreement)
            versions.append((document, agreement))
    _check_names(documents, versions)
    _check_order(versions)
    _check_corrections(versions)
    if problems := [problem for document in documents for problem in document.problems]:
        raise AgreementError(problems)
    return sorted((agreement for _, agreement in versions), key=lambda agreement: agreement.version)


def read_draft(file: Path, signed: list[Agreement]) -> Agreement:
    """An agreement that nobody has signed, in a file of any name; raises AgreementError with all that is wrong in it.

    It is validated as a version is, but for what only a place among the versions asks: its number, date and file name.
    """
    document, draft = parse(Path(file)), None
    if document.tree is not None and (draft := shape(document)) is not None:
        document.problems += _references(document, draft)
        _check_corrections([*((Document(one.source_file), one) for one in signed), (document, draft)])
    if document.problems or draft is None:
        raise AgreementError(document.problems)
    return draft


def _references(document: Document, agreement: Agreement) -> list[Problem]:
    """The version's own references, without those that only follow from a part that was mended or left out."""
    found = [document.problem(*one) for one in references.check(agreement)]
    wrong = [problem.key for problem in document.problems]
    follows = [any(key == one.key or key.startswith((f"{one.key}.", f"{one.key}[")) for key in wrong) for one in found]
    return [one for one, is_known in zip(found, follows, strict=True) if not is_known and repr(FILLER) not in one.text]


def effective_from(agreement: Agreement) -> datetime:
    """The instant from which a version is in force, UTC without a zone: its day begins in its own zone."""
    day = datetime.combine(agreement.effective_from, datetime.min.time(), ZoneInfo(agreement.timezone))
    return day.astimezone(UTC).replace(tzinfo=None)


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        hint = "name the folder of v1.yml in ONEFUNNEL_AGREEMENT"
        raise AgreementError([Problem(str(folder), None, "", f"cannot be read ({error.strerror}): {hint}")]) from error


def _check_names(documents: list[Document], versions: list[tuple[Document, Agreement]]) -> None:
    for document in documents:
        if not re.fullmatch(r"v[1-9]\d*\.yml", document.file, re.ASCII):
            hint = "name it v1.yml, v2.yml, … after its version"
            document.problems.append(Problem(document.file, None, "", f"is not the name of a version: {hint}"))
    for document, agreement in versions:
        named = re.fullmatch(r"v([1-9]\d*)\.yml", document.file, re.ASCII)
        if named and int(named[1]) != agreement.version and _is_right(document, "version"):
            text = f"{agreement.version} is not the version that the file is named after: expected {named[1]}"
            document.problems.append(document.problem(("version",), text))


def _check_order(versions: list[tuple[Document, Agreement]]) -> None:
    ordered = [one for one in versions if _is_right(one[0], "version") and _is_right(one[0], "effective_from")]
    ordered.sort(key=lambda one: one[1].version)
    for (_, before), (document, after) in pairwise(ordered):
        if effective_from(after) <= effective_from(before):
            text = f"{after.effective_from} is not later than {before.effective_from} of {before.source_file}"
            document.problems.append(document.problem(("effective_from",), f"{text}: expected a later date"))


def _check_corrections(versions: list[tuple[Document, Agreement]]) -> None:
    """A correction may speak of a source that only an older version has, for that file is never edited."""
    sources = {source.name: source for _, agreement in versions for source in agreement.stage_sources}
    for document, agreement in versions:
        for number, one in enumerate(agreement.corrections):
            path = ("corrections", number)
            if one.source not in sources:
                text = f"{one.source!r} is no stage source: " + nearest(one.source, sources)
                document.problems.append(document.problem((*path, "source"), text))
            elif sources[one.source].kind == "rule":
                text = f"{one.source!r} is a rule and has no values: expected a source with a field"
                document.problems.append(document.problem((*path, "source"), text))
            elif not any(applies(other, one.source, one.means) for _, other in versions):
                text = f"{_said(one.means)!r} is nothing that {one.source!r} may say: "
                hint = nearest(_said(one.means), references.meanings(agreement))
                document.problems.append(document.problem((*path, "means"), text + hint))


def applies(agreement: Agreement, source: str, means: str | Range) -> bool:
    """Whether a version can take up a correction: it has the source, and the source may say that."""
    found = next((one for one in agreement.stage_sources if one.name == source), None)
    if found is None:
        return False
    ranks, limit = agreement.ranks, agreement.ranks.get(found.speaks_until, len(agreement.stages))
    if isinstance(means, Range):
        return means.from_ in ranks and means.to in ranks and ranks[means.from_] <= ranks[means.to] <= limit
    return means in references.meanings(agreement) and ranks.get(means, 0) <= limit


def _said(means: str | Range) -> str:
    return means if isinstance(means, str) else f"{means.from_} to {means.to}"


def _is_right(document: Document, key: str) -> bool:
    return not any(problem.key == key for problem in document.problems)
