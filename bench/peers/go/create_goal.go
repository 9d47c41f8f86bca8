// A new goal: its row, the command that is not done twice, and the event, in one transaction.
package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v4"
	"github.com/vmihailenco/msgpack/v5"
)

const (
	learned       = `SELECT name FROM goals.people WHERE tenant_id = $1 AND user_id = $2`
	insertCommand = `INSERT INTO bench.commands (tenant_id, key, fingerprint, answer, expires_at)
		VALUES ($1, $2, $3, $4, now() + interval '10 minutes')`
	insertGoal = `INSERT INTO goals.goals (tenant_id, id, title, intent, owner_id, horizon, status, value_tags, metadata, start_date,
		due_date, version, created_at, updated_at, created_by, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $10, $10, $12, $12)`
	insertOutbox = `INSERT INTO bench.outbox (tenant_id, type, entity_id, version, payload, created_at) VALUES ($1, $2, $3, 1, $4, now())`
)

type newGoal struct {
	Title     string                 `json:"title"`
	Intent    *string                `json:"intent"`
	OwnerID   string                 `json:"owner_id"`
	Horizon   string                 `json:"horizon"`
	Status    string                 `json:"status"`
	ValueTags []string               `json:"value_tags"`
	Metadata  map[string]interface{} `json:"metadata"`
}

var months = map[string]int{"year": 12, "quarter": 3, "month": 1}

// The field that is wrong, or "".
func (n *newGoal) check() string {
	within := func(text string, least, most int) bool {
		length := utf8.RuneCountInString(text)
		return length >= least && length <= most
	}
	switch {
	case !within(n.Title, 1, 200):
		return "title"
	case n.Intent != nil && !within(*n.Intent, 0, 2000):
		return "intent"
	case !within(n.OwnerID, 1, 128):
		return "owner_id"
	case months[n.Horizon] == 0:
		return "horizon"
	case n.Status != "draft" && n.Status != "active" && n.Status != "paused":
		return "status"
	case len(n.ValueTags) > 20:
		return "value_tags"
	}
	for _, tag := range n.ValueTags {
		if !within(tag, 1, 50) {
			return "value_tags"
		}
	}
	return ""
}

func (s *service) createGoal(w http.ResponseWriter, r *http.Request, who *caller) error {
	body := newGoal{Status: "draft", ValueTags: []string{}, Metadata: map[string]interface{}{}}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&body); err != nil {
		refuse(w, http.StatusBadRequest, "The body is no JSON", "INVALID_JSON")
		return nil
	}
	if field := body.check(); field != "" {
		refuse(w, http.StatusUnprocessableEntity, field+" is not valid", "VALIDATION_ERROR")
		return nil
	}
	connection, err := s.pool.Acquire(work)
	if err != nil {
		return err
	}
	defer connection.Release()
	now := time.Now().UTC().Truncate(time.Millisecond)
	due := now.AddDate(0, months[body.Horizon], 0)
	g := &goal{ID: uuid7(now), Title: body.Title, Intent: body.Intent, OwnerID: body.OwnerID, Horizon: body.Horizon, Type: body.Horizon,
		Status: body.Status, ValueTags: body.ValueTags, Strategies: []strategy{}, KPIs: []kpi{}, Metadata: body.Metadata,
		StartDate: at(&now), DueDate: at(&due), EndDate: at(&due), AllowedTransitions: transitions[body.Status],
		record: recorded(&now, &now, &who.User, &who.User)}
	var name string
	if err := connection.QueryRow(work, learned, who.Tenant, body.OwnerID).Scan(&name); err == nil {
		g.OwnerName = &name
	} else if err != pgx.ErrNoRows {
		return err
	}
	kept, err := json.Marshal(g)
	if err != nil {
		return err
	}
	metadata, err := msgpack.Marshal(body.Metadata)
	if err != nil {
		return err
	}
	key := make([]byte, 32)
	rand.Read(key)
	fingerprint := sha256.Sum256(kept)
	// Between BEGIN and COMMIT, in one batch; an error undoes all of it.
	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	batch.Queue(insertCommand, who.Tenant, key, fingerprint[:], kept)
	batch.Queue(insertGoal, who.Tenant, g.ID, g.Title, g.Intent, g.OwnerID, g.Horizon, g.Status, g.ValueTags, metadata, now, due, who.User)
	batch.Queue(insertOutbox, who.Tenant, "goal.created", g.ID, kept)
	batch.Queue("COMMIT")
	if err := connection.SendBatch(work, batch).Close(); err != nil {
		connection.Exec(work, "ROLLBACK")
		return err
	}
	w.Header().Set("Location", "/goals/"+g.ID)
	w.Header().Set("ETag", fmt.Sprintf(`"1-%x"`, fingerprint[:8]))
	return reply(w, http.StatusCreated, answer{Success: true, Data: g})
}

func uuid7(now time.Time) string {
	var id [16]byte
	rand.Read(id[6:])
	ms := now.UnixMilli()
	for i := 5; i >= 0; i-- {
		id[i] = byte(ms)
		ms >>= 8
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
