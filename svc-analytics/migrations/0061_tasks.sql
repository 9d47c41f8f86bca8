-- A person's actions by due date. Apart from what the programs write, because writers wait while indexes
-- are made.
CREATE INDEX actions_of_person ON actions (tenant_id, generation, assigned_person_id, due_date);
