"""Turns flight rows into the model's numbers; training and serving share it, so the two cannot drift apart."""

import math

CATEGORIES = ("carrier", "origin", "dest")
NUMBERS = ("distance", "hour", "temp", "dewp", "wind_speed", "wind_dir", "pressure", "visib")
# A reading may be missing (a station was silent); the flight plan may not.
MAY_BE_MISSING = frozenset(NUMBERS) - {"distance", "hour"}
MAX_ROWS = 1000
MAX_TEXT_LENGTH = 8
MAX_FLIGHT_LENGTH = 40


def learn_categories(rows):
    """Numbers the values of each category in alphabetical order: `{"carrier": {"AA": 0, ...}, ...}`."""
    return {name: {value: code for code, value in enumerate(sorted({row[name] for row in rows}))} for name in CATEGORIES}


def encode(rows, categories):
    """One list of floats per row: category codes, then numbers, then the wind as a vector; NaN where unknown."""
    return [_encode_row(row, categories) for row in rows]


def _encode_row(row, categories):
    # A destination that opened after training has no code; the trees then take their missing-value branch.
    codes = [categories[name].get(row[name], math.nan) for name in CATEGORIES]
    numbers = [math.nan if row[name] is None else row[name] for name in NUMBERS]
    return codes + numbers + _wind_vector(row["wind_speed"], row["wind_dir"])


def _wind_vector(speed, direction):
    """Knots blowing from the east and from the north; a calm has no direction."""
    if speed == 0:
        return [0.0, 0.0]
    if speed is None or direction is None:
        return [math.nan, math.nan]
    angle = math.radians(direction)
    return [speed * math.sin(angle), speed * math.cos(angle)]


def problems_of(payload):
    """Every reason why `payload` cannot be scored, each with its path; an empty list when it can."""
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, list) or not 1 <= len(data) <= MAX_ROWS:
        return [f'The body must be {{"data": [...]}} with 1 to {MAX_ROWS} rows.']
    return [problem for index, row in enumerate(data) for problem in _row_problems(row, f"data[{index}]")]


def _row_problems(row, path):
    if not isinstance(row, dict):
        return [f"{path} must be an object."]
    texts = [f"{path}.{name} must be a text of 1 to {MAX_TEXT_LENGTH} characters." for name in CATEGORIES if not _is_text(row.get(name))]
    numbers = [f"{path}.{name} must be a finite number{_or_null(name)}." for name in NUMBERS if not _is_number(row, name)]
    named = row.get("flight") is None or _is_text(row["flight"], MAX_FLIGHT_LENGTH)
    flight = [] if named else [f"{path}.flight must be a text of 1 to {MAX_FLIGHT_LENGTH} characters."]
    return texts + numbers + flight


def _is_text(value, most=MAX_TEXT_LENGTH):
    return isinstance(value, str) and 1 <= len(value) <= most


def _is_number(row, name):
    value = row.get(name)
    if value is None:
        return name in row and name in MAY_BE_MISSING
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _or_null(name):
    return " or null" if name in MAY_BE_MISSING else ""
