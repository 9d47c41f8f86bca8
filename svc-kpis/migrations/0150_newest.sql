SELECT make_newest('kpis');
