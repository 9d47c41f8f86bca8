-- Run once on a restored database, before any program starts on it: places in the streams of events are
-- given anew from the copy on, so a browser that comes back with a place of the old database has to be
-- told to load its page again (event: reset) instead of being sent the wrong events.
UPDATE realtime.epoch SET epoch = DEFAULT;
