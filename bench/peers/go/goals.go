// Goals with their strategies and KPIs.
package main

import (
	"crypto/md5"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/vmihailenco/msgpack/v5"
)

type strategy struct {
	ID                 string   `json:"id"`
	GoalID             string   `json:"goalId"`
	Title              *string  `json:"title"`
	Name               string   `json:"name"`
	Description        string   `json:"description"`
	Status             string   `json:"status"`
	Order              int64    `json:"order"`
	OwnerID            *string  `json:"ownerId"`
	OwnerName          *string  `json:"ownerName"`
	Priority           *string  `json:"priority"`
	DueDate            *stamp   `json:"dueDate"`
	Tags               []string `json:"tags"`
	AIGenerated        bool     `json:"aiGenerated"`
	ValidationScore    *float64 `json:"validationScore"`
	ValidationFeedback *string  `json:"validationFeedback"`
	record
}

type kpi struct {
	ID               string   `json:"id"`
	LinkID           string   `json:"linkId"`
	GoalID           string   `json:"goalId"`
	SharedKpiID      string   `json:"sharedKpiId"`
	KpiID            string   `json:"kpiId"`
	MeasureID        string   `json:"measureId"`
	Name             string   `json:"name"`
	Description      *string  `json:"description"`
	Category         *string  `json:"category"`
	Unit             *string  `json:"unit"`
	Direction        string   `json:"direction"`
	Threshold        float64  `json:"threshold"`
	ThresholdPct     float64  `json:"thresholdPct"`
	RiskThresholdPct float64  `json:"riskThresholdPct"`
	IsPrimary        bool     `json:"isPrimary"`
	Order            int      `json:"order"`
	StrategyID       *string  `json:"strategyId"`
	StrategyTitle    *string  `json:"strategyTitle"`
	BaselineValue    *float64 `json:"baselineValue"`
	CurrentValue     *float64 `json:"currentValue"`
	TargetValue      *float64 `json:"targetValue"`
	Progress         float64  `json:"progress"`
	OnTrack          bool     `json:"onTrack"`
	LinkedAt         *stamp   `json:"linkedAt"`
	record
}

type goal struct {
	ID                 string                 `json:"id"`
	Title              string                 `json:"title"`
	Intent             *string                `json:"intent"`
	Description        *string                `json:"description"`
	OwnerID            string                 `json:"ownerId"`
	OwnerName          *string                `json:"ownerName"`
	Horizon            string                 `json:"horizon"`
	Type               string                 `json:"type"`
	Status             string                 `json:"status"`
	ValueTags          []string               `json:"valueTags"`
	Strategies         []strategy             `json:"strategies"`
	KPIs               []kpi                  `json:"kpis"`
	Progress           float64                `json:"progress"`
	Metadata           map[string]interface{} `json:"metadata"`
	StartDate          *stamp                 `json:"startDate"`
	DueDate            *stamp                 `json:"dueDate"`
	EndDate            *stamp                 `json:"endDate"`
	CompletedAt        *stamp                 `json:"completedAt"`
	CancelledAt        *stamp                 `json:"cancelledAt"`
	DeletedAt          *stamp                 `json:"deletedAt"`
	AllowedTransitions []string               `json:"allowedTransitions"`
	record
	version int64
}

var transitions = map[string][]string{
	"draft": {"activate", "cancel"}, "active": {"pause", "complete", "cancel"}, "paused": {"activate", "cancel"},
	"completed": {}, "cancelled": {}, "archived": {"cancel"},
}

const goalColumns = `g.id, g.title, g.intent, g.description, g.owner_id, p.name, g.horizon, g.status, g.value_tags, g.metadata,
	g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.version, g.created_at, g.updated_at, g.created_by, g.updated_by
	FROM goals.goals g LEFT JOIN goals.people p ON p.tenant_id = g.tenant_id AND p.user_id = g.owner_id
	WHERE g.tenant_id = $1 AND g.deleted_at IS NULL`
const strategyColumns = `SELECT s.id, s.goal_id, s.title, s.description, s.status, s.order_index, s.owner_id, o.name, s.priority, s.due_date,
	s.tags, s.ai_generated, s.validation_score, s.validation_feedback, s.created_at, s.updated_at, s.created_by, s.updated_by
	FROM goals.strategies s LEFT JOIN goals.people o ON o.tenant_id = s.tenant_id AND o.user_id = s.owner_id
	WHERE s.tenant_id = $1 AND s.deleted_at IS NULL`
const kpiColumns = `SELECT l.id, l.goal_id, l.kpi_id, k.name, k.description, k.category, k.unit, k.direction, l.threshold,
	least(coalesce(l.risk_threshold, 50), l.threshold), l.is_primary, l.strategy_id, s.title,
	coalesce(l.baseline_value, k.baseline_value, k.first_value), k.current_value, coalesce(l.target_value, k.target_value),
	l.created_at, l.updated_at, l.created_by, l.updated_by
	FROM kpis.links l JOIN kpis.kpis k ON k.tenant_id = $1 AND k.id = l.kpi_id
	LEFT JOIN kpis.strategies s ON s.tenant_id = $1 AND s.id = l.strategy_id WHERE l.tenant_id = $1`
const (
	oneGoal        = `SELECT ` + goalColumns + ` AND g.id = $2`
	goalStrategies = strategyColumns + ` AND s.goal_id = $2 ORDER BY s.order_index`
	goalKPIs       = kpiColumns + ` AND l.goal_id = $2 ORDER BY l.created_at, l.id`
	pageOfGoals    = `SELECT ` + goalColumns + ` ORDER BY g.created_at DESC, g.id DESC LIMIT $2 OFFSET $3`
	countOfGoals   = `SELECT count(*) FROM goals.goals WHERE tenant_id = $1 AND deleted_at IS NULL`
	pageStrategies = strategyColumns + ` AND s.goal_id = ANY($2) ORDER BY s.goal_id, s.order_index`
	pageKPIs       = kpiColumns + ` AND l.goal_id = ANY($2) ORDER BY l.goal_id, l.created_at, l.id`
)

func scanGoal(row pgx.Row) (*goal, error) {
	g := &goal{Strategies: []strategy{}, KPIs: []kpi{}}
	var metadata []byte
	var start, due, completed, cancelled, created, updated *time.Time
	var createdBy, updatedBy *string
	err := row.Scan(&g.ID, &g.Title, &g.Intent, &g.Description, &g.OwnerID, &g.OwnerName, &g.Horizon, &g.Status, &g.ValueTags, &metadata,
		&start, &due, &completed, &cancelled, &g.version, &created, &updated, &createdBy, &updatedBy)
	if err != nil {
		return nil, err
	}
	g.Type, g.AllowedTransitions, g.record = g.Horizon, transitions[g.Status], recorded(created, updated, createdBy, updatedBy)
	g.StartDate, g.DueDate, g.EndDate, g.CompletedAt, g.CancelledAt = at(start), at(due), at(due), at(completed), at(cancelled)
	return g, msgpack.Unmarshal(metadata, &g.Metadata)
}

// Strategies of goals that lie in `of`.
func readStrategies(rows pgx.Rows, of map[string]*goal) error {
	defer rows.Close()
	for rows.Next() {
		var s strategy
		var due, created, updated *time.Time
		var createdBy, updatedBy *string
		err := rows.Scan(&s.ID, &s.GoalID, &s.Title, &s.Description, &s.Status, &s.Order, &s.OwnerID, &s.OwnerName, &s.Priority, &due,
			&s.Tags, &s.AIGenerated, &s.ValidationScore, &s.ValidationFeedback, &created, &updated, &createdBy, &updatedBy)
		if err != nil {
			return err
		}
		if s.Title != nil && *s.Title != "" {
			s.Name = *s.Title
		} else if characters := []rune(s.Description); len(characters) > 80 {
			s.Name = string(characters[:80])
		} else {
			s.Name = s.Description
		}
		s.DueDate, s.record = at(due), recorded(created, updated, createdBy, updatedBy)
		if g := of[s.GoalID]; g != nil {
			g.Strategies = append(g.Strategies, s)
		}
	}
	return rows.Err()
}

func readKPIs(rows pgx.Rows, of map[string]*goal) error {
	defer rows.Close()
	for rows.Next() {
		var k kpi
		var created, updated *time.Time
		var createdBy, updatedBy *string
		err := rows.Scan(&k.ID, &k.GoalID, &k.KpiID, &k.Name, &k.Description, &k.Category, &k.Unit, &k.Direction, &k.Threshold,
			&k.RiskThresholdPct, &k.IsPrimary, &k.StrategyID, &k.StrategyTitle, &k.BaselineValue, &k.CurrentValue, &k.TargetValue,
			&created, &updated, &createdBy, &updatedBy)
		if err != nil {
			return err
		}
		k.LinkID, k.SharedKpiID, k.MeasureID, k.ThresholdPct = k.ID, k.KpiID, k.KpiID, k.Threshold
		k.Progress, k.LinkedAt, k.record = k.progress(), at(created), recorded(created, updated, createdBy, updatedBy)
		k.OnTrack = k.Progress >= k.Threshold
		if g := of[k.GoalID]; g != nil {
			k.Order = len(g.KPIs) + 1
			g.KPIs = append(g.KPIs, k)
		}
	}
	return rows.Err()
}

func (k *kpi) progress() float64 {
	if k.CurrentValue == nil || k.TargetValue == nil || k.BaselineValue == nil {
		return 0
	}
	current, target, baseline := *k.CurrentValue, *k.TargetValue, *k.BaselineValue
	if target == baseline {
		if k.Direction == "up" && current >= target || k.Direction == "down" && current <= target {
			return 100
		}
		return 0
	}
	progress := (current - baseline) / (target - baseline) * 100
	if progress < 0 {
		return 0
	} else if progress > 100 {
		return 100
	}
	return progress
}

func (g *goal) sumUp() {
	if g.Status == "completed" {
		g.Progress = 100
		return
	}
	count := 0
	for i := range g.KPIs {
		if g.KPIs[i].TargetValue != nil {
			g.Progress += g.KPIs[i].Progress
			count++
		}
	}
	if count > 0 {
		g.Progress /= float64(count)
	}
}

func (s *service) oneGoal(w http.ResponseWriter, r *http.Request, who *caller) error {
	id := strings.ToLower(strings.TrimPrefix(r.URL.Path, "/goals/"))
	batch := &pgx.Batch{}
	batch.Queue(oneGoal, who.Tenant, id)
	batch.Queue(goalStrategies, who.Tenant, id)
	batch.Queue(goalKPIs, who.Tenant, id)
	results := s.pool.SendBatch(work, batch)
	defer results.Close()
	g, err := scanGoal(results.QueryRow())
	if err == pgx.ErrNoRows {
		refuse(w, http.StatusNotFound, "Goal not found", "GOAL_NOT_FOUND")
		return nil
	}
	if err != nil {
		return err
	}
	if err := readParts(results, map[string]*goal{g.ID: g}); err != nil {
		return err
	}
	g.sumUp()
	w.Header().Set("ETag", fmt.Sprintf(`"%d-%x"`, g.version, md5.Sum([]byte(g.ID))))
	return reply(w, http.StatusOK, answer{Success: true, Data: g})
}

// The next two results of a batch: strategies and KPIs.
func readParts(results pgx.BatchResults, of map[string]*goal) error {
	rows, err := results.Query()
	if err != nil {
		return err
	}
	if err := readStrategies(rows, of); err != nil {
		return err
	}
	if rows, err = results.Query(); err != nil {
		return err
	}
	return readKPIs(rows, of)
}

func (s *service) goals(w http.ResponseWriter, r *http.Request, who *caller) error {
	if r.Method == http.MethodPost {
		return s.createGoal(w, r, who)
	}
	page, size, ok := paging(w, r, 20)
	if !ok {
		return nil
	}
	connection, err := s.pool.Acquire(work)
	if err != nil {
		return err
	}
	defer connection.Release()
	batch := &pgx.Batch{}
	batch.Queue(pageOfGoals, who.Tenant, size, (page-1)*size)
	batch.Queue(countOfGoals, who.Tenant)
	list, total, err := readPage(connection.SendBatch(work, batch))
	if err != nil {
		return err
	}
	of, ids := make(map[string]*goal, len(list)), make([]string, 0, len(list))
	for _, g := range list {
		of[g.ID], ids = g, append(ids, g.ID)
	}
	batch = &pgx.Batch{}
	batch.Queue(pageStrategies, who.Tenant, ids)
	batch.Queue(pageKPIs, who.Tenant, ids)
	results := connection.SendBatch(work, batch)
	err = readParts(results, of)
	results.Close()
	if err != nil {
		return err
	}
	for _, g := range list {
		g.sumUp()
	}
	return reply(w, http.StatusOK, answer{true, list, paged(page, size, total)})
}

func readPage(results pgx.BatchResults) (list []*goal, total int, err error) {
	defer results.Close()
	rows, err := results.Query()
	if err != nil {
		return nil, 0, err
	}
	list = []*goal{}
	for rows.Next() {
		g, err := scanGoal(rows)
		if err != nil {
			rows.Close()
			return nil, 0, err
		}
		list = append(list, g)
	}
	rows.Close()
	if rows.Err() != nil {
		return nil, 0, rows.Err()
	}
	return list, total, results.QueryRow().Scan(&total)
}
