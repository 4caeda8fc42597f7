"""Plausible amounts per account for the calibrated administration, before calibration. In tkr.

They only say how a printed figure is spread over its accounts; calibration moves them until the printed figures come
out. A missing amount means that the account has no rows in that column: a blank printed cell is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = ("outcome", "previous", "rest", "forecast", "budget")
"""January–March 2018, January–March 2017, April–December 2017, forecast of 2018, budget of 2018."""

Leaf = tuple[str, str]
"""Account and origin (``E`` external, ``I`` internal)."""

_TABLE = """
33110 I   -150    -30   -600  -1000  -1200
33210 E      .  -1500  -3000  -3500  -1500
34110 E    -60   -900  -1800  -1700  -1200
36110 E    -40   -200   -600   -700   -500
39110 E    -48   -199   -519   -414   -200
39110 I    -22     -5   -835  -1111   -427
40110 E  12650  11710  31500  43000  46320
40210 E    300    280    900   1300    700
40310 E     30     30     90    120     50
40410 E     21     30     80    100     42
41110 E   2000   2100   8000  10500    900
41210 E    200    260    700    950    100
41310 E    147    152    450    700     88
43110 E     39     48    150    200      .
44110 E     60     60    200    260    248
45110 E   6700   6100  17500  23600  21600
45210 E    270    245    716    965    892
46110 E    237    211   1300   1500   1088
46130 E      .      .    199    100    110
46150 E      .    114    600    500     16
46210 E     59     40   1011   1300    900
46910 E     30     20    900    403    217
46950 E      .   -552      .      .      .
46950 I    183    119    526    691      .
53110 E    250    800   2500    900   1200
56110 E   1240    319    500   5000   2020
60110 E    137    101    150    300   4500
60110 I    850    780   2400   4000      .
64110 E    200    200    500    620   2500
64110 I    500    800   2500   4100      .
65110 E    116    113    268    345   1598
65110 I     84     95    323    503      .
66110 E     60     50    150    200    487
66110 I     60     60    200    300      .
68110 E    210    363   1100    840   1750
68310 E     90     95    350    360    772
68410 E      9     17     65     36      8
68910 E      1      1     14      7      5
69110 E    640    670   2000   2560   3700
69110 I    200    175    520    850      .
69210 E     43     46    166    174    217
69210 I     19     18     60     83      .
70110 E    300    450    800   2000   7000
70110 I    750    800   2400   5000      .
72110 E     33     64    501   2134    689
72110 I      .      .      8      7      .
74110 E     85    200    700    450   3600
74110 I    500    300   1400      .    900
74210 E    100    159    520    391   2722
74210 I    323    200    950      .    727
75510 E     57      .    500    300    443
75564 E    101      .      .    101      .
75590 E     54    235   1200    700   2043
75610 E      .      .    225    100    600
76110 E    150    130    300   1000   4000
76110 I    253    268    612   1954      .
79110 E     97     80    297    500   3185
81110 E     10     10     32     41    103
81110 I      1      1      2      2      .
91110 E      2      2      8      8      .
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an amount should be, in kr, and the bounds it must stay in."""

    leaf: Leaf
    column: str
    amount: float

    @property
    def lower(self) -> float:
        """A fifth of a cost; five times an income."""
        return self.amount * (0.2 if self.amount > 0 else 5.0)

    @property
    def upper(self) -> float:
        """Five times a cost; a fifth of an income."""
        return self.amount * (5.0 if self.amount > 0 else 0.2)


def targets() -> list[Target]:
    """Every amount that exists, in the order of the table."""
    found = []
    for line in _TABLE.split("\n"):
        if not line:
            continue
        account, origin, *amounts = line.split()
        for column, amount in zip(COLUMNS, amounts, strict=True):
            if amount != ".":
                found.append(Target((account, origin), column, 1000.0 * float(amount)))
    return found
