"""Who lives together: relation, sex and age of each member of a household of a given size."""

from collections.abc import Callable, Iterator
from random import Random

# Relation to the head, sex, age.
Someone = tuple[str, str, int]

OTHER = {"male": "female", "female": "male"}
OLDEST = 97


def compose(size: int, rng: Random) -> list[Someone]:
    """``size`` people of one family, the head first."""
    if size == 1:
        return [_alone(rng)]
    chance = rng.random()
    if size == 2:
        shape = _old_couple if chance < 0.6 else _parent_and_child if chance < 0.8 else _with_children
    else:
        shape = _with_children if chance < 0.58 else _three_generations
    return _filled(size, shape, rng)


def _filled(size: int, shape: Callable[[Random], Iterator[Someone]], rng: Random) -> list[Someone]:
    """The first so many of a shape; a family that is larger has brothers and sisters of the head."""
    people: list[Someone] = []
    for someone in shape(rng):
        if 0 <= someone[2] <= OLDEST:
            people.append(someone)
        if len(people) == size:
            return people
    head_age = people[0][2]
    while len(people) < size:
        people.append(("之兄弟姐妹", rng.choice(("male", "female")), max(17, head_age - rng.randint(1, 12))))
    return people


def _head(rng: Random, youngest: int, oldest: int) -> Someone:
    return ("户主", "male" if rng.random() < 0.83 else "female", rng.randint(youngest, oldest))


def _alone(rng: Random) -> Someone:
    return ("户主", "male" if rng.random() < 0.66 else "female", int(rng.triangular(38, 91, 69)))


def _spouse(head: Someone, rng: Random) -> Someone:
    older = 1 if head[1] == "male" else -2
    return ("配偶", OTHER[head[1]], max(22, head[2] - older - rng.randint(-2, 4)))


def _child(age: int, rng: Random) -> Someone:
    return ("之子", "male", age) if rng.random() < 0.53 else ("之女", "female", age)


def _grandchild(age: int, rng: Random) -> Someone:
    return ("之孙子", "male", age) if rng.random() < 0.53 else ("之孙女", "female", age)


def _old_couple(rng: Random) -> Iterator[Someone]:
    head = _head(rng, 56, 83)
    yield head
    yield _spouse(head, rng)


def _parent_and_child(rng: Random) -> Iterator[Someone]:
    head = _head(rng, 44, 82)
    yield head
    yield _child(head[2] - rng.randint(22, 33), rng)


def _with_children(rng: Random) -> Iterator[Someone]:
    """Parents and children under one roof, the head's parents in many of them."""
    head = _head(rng, 31, 55)
    yield head
    if rng.random() < 0.92:
        yield _spouse(head, rng)
    eldest = head[2] - rng.randint(22, 31)
    yield _child(eldest, rng)
    mother = head[2] + rng.randint(20, 28)
    if rng.random() < 0.4:
        yield ("之母", "female", mother)
    yield _child(eldest - rng.randint(1, 7), rng)
    yield ("之父", "male", mother + rng.randint(-1, 4))
    yield ("之母", "female", mother)
    yield _child(eldest - rng.randint(8, 11), rng)


def _three_generations(rng: Random) -> Iterator[Someone]:
    """An elder at the head, a grown child, perhaps with a family."""
    head = _head(rng, 52, 76)
    yield head
    if rng.random() < 0.84:
        yield _spouse(head, rng)
    son = head[2] - rng.randint(22, 29)
    married = rng.random() < 0.68
    yield ("之子", "male", son) if married or rng.random() < 0.6 else ("之女", "female", son)
    if married:
        yield ("之儿媳", "female", max(21, son - rng.randint(-1, 4)))
        first = max(0, son - rng.randint(23, 29))
        yield _grandchild(first, rng)
        yield _grandchild(max(0, first - rng.randint(1, 6)), rng)
    else:
        yield _child(max(17, son - rng.randint(1, 6)), rng)
    if head[2] <= 68:
        yield ("之母", "female", head[2] + rng.randint(20, 27))
