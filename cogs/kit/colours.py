"""The colours of the stripe beside cards and panels. The text always says what a colour means."""

from typing import Final

from wetread.domain.models import Subject

RED: Final = 0xC62828  # retracted, or an error of Wetread; nothing else
AMBER: Final = 0xE0A100  # an expression of concern, or a problem outside Wetread
GREY: Final = 0x7A869A  # neither an error nor a warning; several subjects, or none known
NEUTRAL: Final = 0x6B7280  # a question that was decided
TEAL: Final = 0x0F9D8C  # Wetread's own panels

SUBJECTS: Final = {
    Subject.SPINE_AND_PAIN: 0x0F9D8C,
    Subject.NEURO: 0x7C6BD6,
    Subject.MUSCULOSKELETAL: 0x3B82C4,
    Subject.CHEST: 0x4F9DDE,
    Subject.ABDOMEN: 0xB07D3C,
    Subject.BREAST: 0xD06BA3,
    Subject.PAEDIATRIC: 0x8FB339,
    Subject.INTERVENTIONAL: 0x2F6FB2,
    Subject.GENERAL: GREY,
}
