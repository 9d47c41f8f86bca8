SELECT make_newest('goals');
