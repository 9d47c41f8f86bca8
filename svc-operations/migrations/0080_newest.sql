SELECT make_newest('actions');
SELECT make_newest('issues');
