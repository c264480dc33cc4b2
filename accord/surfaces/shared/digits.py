"""Numbers and what stands between them: pages write them as mails do."""

from accord.records.digits import comma, dated, joined, localised, numeral, set_apart, with_commas

__all__ = ["comma", "dated", "joined", "localised", "numeral", "set_apart", "with_commas"]
