-- What only the later svc-realtime of the tests of `traction upgrade` has. It cannot be applied twice.
CREATE TABLE later (words text NOT NULL);
INSERT INTO later (words) VALUES ('made once');
