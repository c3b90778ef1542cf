"""What a paper of Word says beside what stands, and what is decided about it."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from krams.history import word_differences
from krams.models import Facility

from ...enums import Factor
from ...models import FactorText
from ..actions import word_import as actions
from ..comparing import Found, LocalText, Names, local_texts, propose, state_of
from ..document import Document
from ..form_reading import ReadForm
from ..forms.facilities import LocalTextForm
from ..forms.sections import SectionForm
from ..forms.word_import import SKIP, TAKE, ChoiceForm, section_data
from ..queries.initiatives import local_texts_of, places_of_department
from ..queries.policies import named_policies
from ..section_reading import read_sections
from ..sections import BY_SLUG, SECTIONS, Section, in_words, section_text

UNPLACED, REMARK = "uplaceret", "bemaerkning"
Accepted: TypeAlias = tuple[list[actions.Accepted], list[actions.AcceptedText]]


@dataclass
class Shown:
    """A section, or a facility's own text, as the preview shows it."""

    slug: str
    title: Any
    state: Found
    before: SafeString
    after: SafeString
    choice: ChoiceForm | None = None
    form: SectionForm | LocalTextForm | None = None

    @property
    def is_taken(self) -> bool:
        return self.choice is not None and self.choice["choice"].value() == TAKE


def _shown_section(section: Section, before: str, after: str) -> tuple[SafeString, SafeString]:
    return word_differences.side_by_side(
        *(in_words(section.slug, text) for text in (before, after))
    )


@dataclass
class Preview:
    sections: list[Shown]
    texts: list[Shown]
    unplaced: list[str]
    remarks: list[str]

    @property
    def to_decide(self) -> list[Shown]:
        return [one for one in [*self.sections, *self.texts] if one.form is not None]


def preview_of(document: Document, paper: ReadForm) -> Preview:
    """What the file says, each section beside what stands."""
    read = read_sections(paper, timezone.localdate())
    initiative = document.initiative
    policies, goals = named_policies(initiative.department.municipality_id)
    names = Names(policies, goals, places_of_department(initiative.department_id))
    preview = Preview([], [], list(paper.unplaced), paper.remarks)
    for section in SECTIONS:
        proposed = propose(section, read.get(section.slug), document, names)
        preview.unplaced += proposed.unplaced
        before, after = _shown_section(section, proposed.before, proposed.after)
        one = Shown(section.slug, section.title, proposed.state, before, after)
        if proposed.values is not None and proposed.state != Found.SAME:
            one.choice = ChoiceForm(
                slug=section.slug, choice=SKIP if proposed.state == Found.MISSING else TAKE
            )
            data = section_data(section, proposed.values, initiative.version)
            one.form = SectionForm(data, section=section, document=document)
            if section.slug == "indsats":
                # The goals that can be chosen are those of the policy that the paper names.
                document.initiative.policy = proposed.values["policy"]
        preview.sections.append(one)
    rows = _rows_of_texts(document)
    for text in local_texts(read.get("beskrivelse"), document, preview.unplaced):
        preview.texts.append(_shown_text(text, rows))
    return preview


def _rows_of_texts(document: Document) -> dict[tuple[int | None, str], FactorText]:
    if document.initiative._state.adding:
        return {}
    return {(row.facility_id, row.factor): row for row in local_texts_of(document.initiative)}


def _text_slug(place: Facility, factor: str) -> str:
    return f"lokalt-{place.pk}-{factor}"


def _shown_text(text: LocalText, rows: dict[tuple[int | None, str], FactorText]) -> Shown:
    slug = _text_slug(text.facility, text.factor)
    row = rows.get((text.facility.pk, text.factor))
    data = QueryDict(mutable=True)
    data[f"{slug}-version"], data[f"{slug}-text"] = str(row.version if row else 0), text.after
    before, after = word_differences.side_by_side(text.before, text.after)
    return Shown(
        slug,
        f"{text.facility}: {Factor(text.factor).label}",
        state_of(text.before, text.after),
        before,
        after,
        ChoiceForm(slug=slug),
        LocalTextForm(data, row=row, prefix=slug),
    )


def decided(document: Document, data: QueryDict, *, on_top: bool = False) -> Preview:
    """The same preview of what was sent; ``on_top`` of what stands, whatever was read."""
    preview = Preview([], [], data.getlist(UNPLACED), data.getlist(REMARK))
    data = data.copy()
    for section in SECTIONS:
        if f"valg-{section.slug}-choice" not in data:
            continue
        if on_top:
            data[f"{section.slug}-version"] = str(document.initiative.version)
        before = section_text(section, document.values(section))
        form = SectionForm(data, section=section, document=document)
        choice = ChoiceForm(data, slug=section.slug)
        is_right = form.is_valid()
        after = section_text(section, form.values()) if is_right else ""
        taken = choice["choice"].value() == TAKE
        if section.slug == "indsats" and taken and is_right:
            document.initiative.policy = form.cleaned_data["policy"]
        state = state_of(before, after) if is_right else Found.CHANGED
        shown = _shown_section(section, before, after)
        preview.sections.append(
            Shown(section.slug, section.title, state, *shown, choice=choice, form=form)
        )
    rows = _rows_of_texts(document)
    for place in document.writable:
        for factor in Factor:
            slug = _text_slug(place, factor.value)
            if f"valg-{slug}-choice" in data:
                row = rows.get((place.pk, factor.value))
                if on_top:
                    data[f"{slug}-version"] = str(row.version if row else 0)
                preview.texts.append(_sent_text(place, factor, row, data))
    return preview


def _sent_text(place: Facility, factor: Factor, row: FactorText | None, data: QueryDict) -> Shown:
    slug = _text_slug(place, factor.value)
    form = LocalTextForm(data, row=row, prefix=slug)
    before = row.text if row else ""
    after = form.cleaned_data["text"] if form.is_valid() else ""
    shown = word_differences.side_by_side(before, after)
    title = f"{place}: {factor.label}"
    choice = ChoiceForm(data, slug=slug)
    return Shown(slug, title, state_of(before, after), *shown, choice=choice, form=form)


def accepted(preview: Preview, document: Document) -> Accepted | None:
    """What is to be saved; None where something in it, or a choice, must be corrected."""
    choices = [one.choice for one in preview.to_decide if one.choice is not None]
    taken = [one for one in preview.to_decide if one.is_taken]
    forms = [*choices, *(one.form for one in taken if one.form is not None)]
    # Each of them, so that the page shows all that must be corrected.
    if False in [form.is_valid() for form in forms]:
        return None
    sections: list[actions.Accepted] = []
    texts: list[actions.AcceptedText] = []
    places = {
        _text_slug(place, factor.value): (place, factor)
        for place in document.writable
        for factor in Factor
    }
    for one in taken:
        if isinstance(one.form, SectionForm):
            version = one.form.cleaned_data["version"]
            sections.append(actions.Accepted(BY_SLUG[one.slug], version, one.form.values()))
        elif isinstance(one.form, LocalTextForm):
            texts.append(actions.AcceptedText(*places[one.slug], **one.form.values()))
    return sections, texts
