// What a release since 1.0.0 was meant to change in what was stored or is answered, each with the
// reason. Everything else has to read as before. A change that the test no longer meets is a mistake in
// this list.
//
// `allows({path, at, said, says})`: path "GET /goals/...", at ".data[ID].progress", and the JSON of before
// and after; undefined where there is none.

export const changes = [];

// Fields of events that are told in another way: {why, type, strip(data)}, which takes out what differs.
export const eventChanges = [];
