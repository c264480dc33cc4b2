"""Evidence: what many studies say together."""

from accord.science.evidence.meta_analysis import Interval, Pooled, PooledCorrelation, pool, pool_correlations

__all__ = ["Interval", "Pooled", "PooledCorrelation", "pool", "pool_correlations"]
