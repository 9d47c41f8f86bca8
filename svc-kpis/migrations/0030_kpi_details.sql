-- What clients keep of a KPI. Programs of older releases do not know of it and leave it as it is.
ALTER TABLE kpis
    ADD COLUMN catalog_id text,
    ADD COLUMN type text NOT NULL DEFAULT 'quantitative'
        CONSTRAINT kpis_type CHECK (type IN ('quantitative', 'qualitative', 'binary')),
    ADD COLUMN aggregation_type text CONSTRAINT kpis_aggregation_type CHECK
        (aggregation_type IN ('sum', 'average', 'min', 'max', 'latest', 'count', 'pointInTime')),
    ADD COLUMN aggregation_period text CONSTRAINT kpis_aggregation_period CHECK
        (aggregation_period IN ('none', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
    ADD COLUMN aggregation_period_count bigint NOT NULL DEFAULT 1
        CONSTRAINT kpis_aggregation_period_count CHECK (aggregation_period_count >= 1),
    ADD COLUMN value_type text,
    ADD COLUMN measurement_frequency text,
    ADD COLUMN data_source text,
    ADD COLUMN interpolation_method text NOT NULL DEFAULT 'linear'
        CONSTRAINT kpis_interpolation CHECK
            (interpolation_method IN ('linear', 'exponential', 'step'));
