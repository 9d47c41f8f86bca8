// Lists of actions and issues.
package main

import (
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/vmihailenco/msgpack/v5"
)

type action struct {
	ID                 string            `json:"id"`
	Title              string            `json:"title"`
	Description        *string           `json:"description"`
	StartDate          *stamp            `json:"startDate"`
	DueDate            *stamp            `json:"dueDate"`
	Priority           string            `json:"priority"`
	Status             string            `json:"status"`
	AssignedPersonID   *string           `json:"assignedPersonId"`
	AssignedPersonName *string           `json:"assignedPersonName"`
	Progress           float64           `json:"progress"`
	EstimatedHours     *float64          `json:"estimatedHours"`
	ActualHours        *float64          `json:"actualHours"`
	Tags               []string          `json:"tags"`
	DateEntered        *stamp            `json:"dateEntered"`
	StatusReason       *string           `json:"statusReason"`
	Connections        actionConnections `json:"connections"`
	CompletedAt        *stamp            `json:"completedAt"`
	record
}

type actionConnections struct {
	GoalIDs     []string `json:"goalIds"`
	StrategyIDs []string `json:"strategyIds"`
	IssueIDs    []string `json:"issueIds"`
}

type issueConnections struct {
	GoalIDs     []string `json:"goalIds"`
	StrategyIDs []string `json:"strategyIds"`
	ActionIDs   []string `json:"actionIds"`
}

type config struct {
	ID       string  `json:"id"`
	Name     *string `json:"name"`
	Category *string `json:"category"`
	Color    *string `json:"color"`
	Icon     *string `json:"icon"`
}

type issue struct {
	ID                 string           `json:"id"`
	Title              string           `json:"title"`
	Description        *string          `json:"description"`
	TypeConfigID       string           `json:"typeConfigId"`
	StatusConfigID     string           `json:"statusConfigId"`
	StatusID           string           `json:"statusId"`
	Status             *config          `json:"status"`
	Type               *config          `json:"type"`
	Impact             *string          `json:"impact"`
	BusinessImpact     *string          `json:"businessImpact"`
	Priority           *string          `json:"priority"`
	ReporterID         string           `json:"reporterId"`
	ReporterName       *string          `json:"reporterName"`
	ReportedBy         string           `json:"reportedBy"`
	ReportedByName     *string          `json:"reportedByName"`
	AssignedPersonID   *string          `json:"assignedPersonId"`
	AssignedPersonName *string          `json:"assignedPersonName"`
	DueDate            *stamp           `json:"dueDate"`
	DateReported       *stamp           `json:"dateReported"`
	ResolvedAt         *stamp           `json:"resolvedAt"`
	StatusReason       *string          `json:"statusReason"`
	EstimatedHours     *float64         `json:"estimatedHours"`
	ActualHours        *float64         `json:"actualHours"`
	Tags               []string         `json:"tags"`
	DisplayOrder       *int64           `json:"displayOrder"`
	Connections        issueConnections `json:"connections"`
	RootCauseAnalysis  interface{}      `json:"rootCauseAnalysis"`
	ResolutionNotes    *string          `json:"resolutionNotes"`
	Environment        *string          `json:"environment"`
	StepsToReproduce   *string          `json:"stepsToReproduce"`
	ExpectedBehavior   *string          `json:"expectedBehavior"`
	ActualBehavior     *string          `json:"actualBehavior"`
	record
}

// SYSTEM types and statuses are no rows.
var system = func() map[string]*config {
	known := make(map[string]*config)
	add := func(id, name, category, color, icon string) {
		c := &config{ID: "01941f29-7c00-7000-8000-000000000" + id, Name: &name, Color: &color, Icon: &icon}
		if category != "" {
			c.Category = &category
		}
		known[c.ID] = c
	}
	add("101", "Personnel", "", "#FF6B6B", "users")
	add("102", "Financial", "", "#2ECC71", "dollar-sign")
	add("103", "Process", "", "#3498DB", "cogs")
	add("104", "Legal", "", "#9B59B6", "gavel")
	add("105", "Customer", "", "#F39C12", "handshake")
	add("106", "Technical", "", "#34495E", "server")
	add("107", "General", "", "#95A5A6", "tag")
	add("201", "Open", "open", "#3498db", "inbox")
	add("202", "Backlog", "open", "#7F8C8D", "list")
	add("203", "In Progress", "active", "#F39C12", "play")
	add("204", "In Review", "active", "#9B59B6", "eye")
	add("205", "Blocked", "active", "#E74C3C", "ban")
	add("206", "On Hold", "inactive", "#E67E22", "pause")
	add("207", "Deferred", "inactive", "#95A5A6", "calendar")
	add("208", "Resolved", "closed", "#2ECC71", "check")
	add("209", "Closed", "closed", "#34495E", "archive")
	add("20a", "Duplicate", "closed", "#BDC3C7", "copy")
	add("20b", "Won't Fix", "closed", "#7F8C8D", "times")
	return known
}()

const (
	wantedActions = ` FROM operations.actions WHERE tenant_id = $1 AND status = ANY($2) AND priority = ANY($3)
		AND (due_date IS NULL OR due_date >= $4) AND (start_date IS NULL OR start_date <= $5) AND deleted_at IS NULL`
	pageOfActions = `SELECT a.id, a.title, a.description, a.start_date, a.due_date, a.priority, a.status, a.assigned_person_id,
		l.assigned_person_name, a.progress, a.estimated_hours, a.actual_hours, a.tags, coalesce(a.date_entered, a.created_at),
		a.status_reason, l.goal_ids, l.strategy_ids, l.issue_ids, a.completed_at, a.created_at, a.updated_at, a.created_by, a.updated_by
		FROM (SELECT *` + wantedActions + ` ORDER BY created_at DESC, id DESC LIMIT $6 OFFSET $7) a,
		LATERAL operations.action_links(a.tenant_id, a.id, a.assigned_person_id) l ORDER BY a.created_at DESC, a.id DESC`
	countOfActions = `SELECT count(*)` + wantedActions
	hasWords       = ` FROM operations.issues WHERE tenant_id = $1
		AND operations.text_key(title || chr(1) || coalesce(description, '')) LIKE $2 AND deleted_at IS NULL`
	pageOfIssues = `SELECT i.id, i.title, i.description, i.type_config_id, l.type_name, l.type_color, l.type_icon, i.status_config_id,
		l.status_name, l.status_category, l.status_color, l.status_icon, i.impact, i.priority, i.reporter_id, l.reporter_name,
		i.assigned_person_id, l.assigned_person_name, i.due_date, coalesce(i.date_reported, i.created_at), i.resolved_at, i.status_reason,
		i.estimated_hours, i.actual_hours, i.tags, i.display_order, l.goal_ids, l.strategy_ids, l.action_ids, i.root_cause_analysis,
		i.resolution_notes, i.environment, i.steps_to_reproduce, i.expected_behavior, i.actual_behavior,
		i.created_at, i.updated_at, i.created_by, i.updated_by
		FROM (SELECT *` + hasWords + ` ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4) i, LATERAL operations.issue_links(i.tenant_id,
		i.id, i.type_config_id, i.status_config_id, i.reporter_id, i.assigned_person_id) l ORDER BY i.created_at DESC, i.id DESC`
	countOfIssues = `SELECT count(*)` + hasWords
)

func scanAction(row pgx.Row) (interface{}, error) {
	a := new(action)
	var start, due, entered, completed, created, updated *time.Time
	var createdBy, updatedBy *string
	err := row.Scan(&a.ID, &a.Title, &a.Description, &start, &due, &a.Priority, &a.Status, &a.AssignedPersonID, &a.AssignedPersonName,
		&a.Progress, &a.EstimatedHours, &a.ActualHours, &a.Tags, &entered, &a.StatusReason, &a.Connections.GoalIDs,
		&a.Connections.StrategyIDs, &a.Connections.IssueIDs, &completed, &created, &updated, &createdBy, &updatedBy)
	a.StartDate, a.DueDate, a.DateEntered, a.CompletedAt = at(start), at(due), at(entered), at(completed)
	a.record = recorded(created, updated, createdBy, updatedBy)
	return a, err
}

func scanIssue(row pgx.Row) (interface{}, error) {
	i, kind, status := new(issue), new(config), new(config)
	var due, reported, resolved, created, updated *time.Time
	var createdBy, updatedBy *string
	var analysis []byte
	err := row.Scan(&i.ID, &i.Title, &i.Description, &kind.ID, &kind.Name, &kind.Color, &kind.Icon, &status.ID, &status.Name, &status.Category,
		&status.Color, &status.Icon, &i.Impact, &i.Priority, &i.ReporterID, &i.ReporterName, &i.AssignedPersonID, &i.AssignedPersonName,
		&due, &reported, &resolved, &i.StatusReason, &i.EstimatedHours, &i.ActualHours, &i.Tags, &i.DisplayOrder, &i.Connections.GoalIDs,
		&i.Connections.StrategyIDs, &i.Connections.ActionIDs, &analysis, &i.ResolutionNotes, &i.Environment, &i.StepsToReproduce,
		&i.ExpectedBehavior, &i.ActualBehavior, &created, &updated, &createdBy, &updatedBy)
	if err != nil {
		return nil, err
	}
	if known := system[kind.ID]; known != nil {
		kind = known
	}
	if known := system[status.ID]; known != nil {
		status = known
	}
	if resolved == nil && status.Category != nil && *status.Category == "closed" {
		resolved = updated
	}
	i.Type, i.TypeConfigID, i.Status, i.StatusConfigID, i.StatusID = kind, kind.ID, status, status.ID, status.ID
	i.BusinessImpact, i.ReportedBy, i.ReportedByName = i.Impact, i.ReporterID, i.ReporterName
	i.DueDate, i.DateReported, i.ResolvedAt = at(due), at(reported), at(resolved)
	i.record = recorded(created, updated, createdBy, updatedBy)
	if analysis != nil {
		err = msgpack.Unmarshal(analysis, &i.RootCauseAnalysis)
	}
	return i, err
}

// A page and its total, in one batch.
func (s *service) list(w http.ResponseWriter, r *http.Request, usual int, page, count string, filters []interface{},
	scan func(pgx.Row) (interface{}, error)) error {
	number, size, ok := paging(w, r, usual)
	if !ok {
		return nil
	}
	batch := &pgx.Batch{}
	batch.Queue(page, append(append([]interface{}{}, filters...), size, (number-1)*size)...)
	batch.Queue(count, filters...)
	results := s.pool.SendBatch(work, batch)
	defer results.Close()
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	items := make([]interface{}, 0, size)
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return err
		}
		items = append(items, item)
	}
	if rows.Err() != nil {
		return rows.Err()
	}
	var total int
	if err := results.QueryRow().Scan(&total); err != nil {
		return err
	}
	return reply(w, http.StatusOK, answer{true, items, paged(number, size, total)})
}

func (s *service) actions(w http.ResponseWriter, r *http.Request, who *caller) error {
	query := r.URL.Query()
	from, err := time.Parse("2006-01-02", query.Get("startDate"))
	to, err2 := time.Parse("2006-01-02", query.Get("endDate"))
	if err != nil || err2 != nil {
		refuse(w, http.StatusUnprocessableEntity, "startDate and endDate are needed", "VALIDATION_ERROR")
		return nil
	}
	filters := []interface{}{who.Tenant, strings.Split(query.Get("status"), ","), strings.Split(query.Get("priority"), ","), from, to}
	return s.list(w, r, 100, pageOfActions, countOfActions, filters, scanAction)
}

var pattern = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (s *service) issues(w http.ResponseWriter, r *http.Request, who *caller) error {
	search := "%" + pattern.Replace(strings.ToLower(r.URL.Query().Get("search"))) + "%"
	return s.list(w, r, 20, pageOfIssues, countOfIssues, []interface{}{who.Tenant, search}, scanIssue)
}
