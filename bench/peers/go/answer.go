// What answers have in common.
package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"
)

type answer struct {
	Success    bool        `json:"success"`
	Data       interface{} `json:"data"`
	Pagination *pagination `json:"pagination,omitempty"`
}

type pagination struct {
	Page            int  `json:"page"`
	Size            int  `json:"size"`
	Limit           int  `json:"limit"`
	PageSize        int  `json:"pageSize"`
	Total           int  `json:"total"`
	TotalPages      int  `json:"totalPages"`
	HasMore         bool `json:"hasMore"`
	HasNextPage     bool `json:"hasNextPage"`
	HasPreviousPage bool `json:"hasPreviousPage"`
}

func paged(page, size, total int) *pagination {
	pages := (total + size - 1) / size
	return &pagination{page, size, size, size, total, pages, page < pages, page < pages, page > 1}
}

type record struct {
	CreatedAt *stamp  `json:"createdAt"`
	UpdatedAt *stamp  `json:"updatedAt"`
	CreatedBy *string `json:"createdBy"`
	UpdatedBy *string `json:"updatedBy"`
}

// A time with milliseconds, in UTC.
type stamp time.Time

func at(t *time.Time) *stamp { return (*stamp)(t) }

func (s stamp) MarshalJSON() ([]byte, error) {
	return time.Time(s).UTC().AppendFormat(make([]byte, 0, 32), `"2006-01-02T15:04:05.000Z"`), nil
}

func recorded(created, updated *time.Time, createdBy, updatedBy *string) record {
	return record{at(created), at(updated), createdBy, updatedBy}
}

var buffers = sync.Pool{New: func() interface{} { return new(bytes.Buffer) }}

func reply(w http.ResponseWriter, status int, body interface{}) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(buffer.Len()))
	w.WriteHeader(status)
	w.Write(buffer.Bytes())
	return nil
}

func refuse(w http.ResponseWriter, status int, message, code string) {
	reply(w, status, map[string]interface{}{"success": false, "error": message, "code": code})
}

// Page and size of a list; false when it was refused.
func paging(w http.ResponseWriter, r *http.Request, usual int) (page, size int, ok bool) {
	page, size = 1, usual
	for name, into := range map[string]*int{"page": &page, "size": &size} {
		if text := r.URL.Query().Get(name); text != "" {
			value, err := strconv.Atoi(text)
			if err != nil || value < 1 {
				refuse(w, http.StatusUnprocessableEntity, name+" is no number from 1", "VALIDATION_ERROR")
				return 0, 0, false
			}
			*into = value
		}
	}
	return page, size, true
}
