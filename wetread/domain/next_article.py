"""What happens with the next article of a destination, in one sentence. Pure."""

from datetime import datetime, timedelta, tzinfo

from wetread.domain.pace import Pace, Step, When, decide, next_digest_at

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def next_article_words(
    pace: Pace, now: datetime, zone: tzinfo, posted_today: int, *, is_paused: bool = False
) -> str:
    """Return what happens with the next article that comes: posted at once, later, or in a digest."""
    if is_paused:
        return "Posting here is paused, so the next article waits."
    decided = decide(pace, now, zone, posted_today)
    at = decided.at or now
    match decided.step:
        case Step.POST:
            reasons = [f"it is {clock_words(now, zone)}"] if pace.quiet or pace.most_a_day else []
            if pace.most_a_day is not None:
                verb = "is" if posted_today == 1 else "are"
                reasons.append(f"{posted_today:,} of {pace.most_a_day:,} {verb} posted today")
            return f"The next article is posted at once{': ' if reasons else ''}{', and '.join(reasons)}."
        case Step.WAIT:
            quiet = f"It is {clock_words(now, zone)} and quiet until {clock_words(at, zone)}"
            return f"{quiet}, so the next article waits until then."
        case Step.COLLECT if pace.when is When.AT_ONCE:
            limit = f"{pace.most_a_day:,} of {pace.most_a_day:,}"
            when = _time_words(at, now, zone)
            return f"{limit} are posted today, so the next article comes in the digest {when}."
        case Step.COLLECT:
            when = f"on {day_words(at, zone)}, at {clock_words(at, zone)}"
            return f"The next article is not posted by itself: it comes in the digest {when}."


def digest_time_words(pace: Pace, now: datetime, zone: tzinfo) -> str:
    """Return when the next digest is posted: "Monday, 19 Jan, at 08:00"."""
    at = next_digest_at(pace, now, zone)
    return f"{day_words(at, zone)}, at {clock_words(at, zone)}"


def clock_words(instant: datetime, zone: tzinfo) -> str:
    """Return what the clock of a zone shows: "08:12"."""
    return f"{instant.astimezone(zone):%H:%M}"


def day_words(instant: datetime, zone: tzinfo) -> str:
    """Return the day of an instant in a zone: "Monday, 19 Jan"."""
    day = instant.astimezone(zone).date()
    return f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]}"


def minute_words(minute: int) -> str:
    """Return a minute of the day as a clock shows it: "18:00"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _time_words(at: datetime, now: datetime, zone: tzinfo) -> str:
    days = at.astimezone(zone).date() - now.astimezone(zone).date()
    tomorrow = "tomorrow " if days == timedelta(days=1) else ""
    return f"{tomorrow}at {clock_words(at, zone)}"
