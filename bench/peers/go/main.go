// The second peer that the product is compared with: a Go service of one process with pgx, doing the same job for
// the scenarios of goals and operations out of the same tables. Written the way a good Go team would write it: a pool,
// prepared statements in one batch, encoding/json with structs, cached tokens. It leaves out what would only slow it
// down in a comparison: row level security, request ids, logs.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v4/pgxpool"
)

type caller struct {
	Tenant  string `json:"tenant_id"`
	User    string `json:"user_id"`
	Expires int64  `json:"exp"`
}

type service struct {
	pool   *pgxpool.Pool
	secret []byte
	tokens sync.Map // token: *caller
}

// Not the request's context: pgx closes the connection when that is cancelled, and callers that leave would cost
// others their prepared statements.
var work = context.Background()

func main() {
	config, err := pgxpool.ParseConfig(os.Getenv("PEER_DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	connections, err := strconv.Atoi(os.Getenv("PEER_CONNECTIONS"))
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = int32(connections)
	pool, err := pgxpool.ConnectConfig(work, config)
	if err != nil {
		log.Fatal(err)
	}
	s := &service{pool: pool, secret: []byte(os.Getenv("PEER_JWT_SECRET"))}
	routes := http.NewServeMux()
	routes.HandleFunc("/goals/", s.authenticated(s.oneGoal))
	routes.HandleFunc("/goals", s.authenticated(s.goals))
	routes.HandleFunc("/api/operations/actions", s.authenticated(s.actions))
	routes.HandleFunc("/api/operations/issues", s.authenticated(s.issues))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PEER_PORT"), routes))
}

func (s *service) authenticated(handle func(http.ResponseWriter, *http.Request, *caller) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.verify(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		if err != nil {
			refuse(w, http.StatusUnauthorized, "A valid bearer token is required", "UNAUTHENTICATED")
		} else if err := handle(w, r, who); err != nil {
			log.Print(err)
			refuse(w, http.StatusInternalServerError, "Internal error", "INTERNAL_ERROR")
		}
	}
}

var errToken = errors.New("no valid token")

func (s *service) verify(token string) (*caller, error) {
	known, ok := s.tokens.Load(token)
	if !ok {
		parts := strings.Split(token, ".")
		if len(parts) != 3 {
			return nil, errToken
		}
		var head struct{ Alg string }
		who := new(caller)
		if !unpack(parts[0], &head) || head.Alg != "HS256" || !unpack(parts[1], who) {
			return nil, errToken
		}
		signature, err := base64.RawURLEncoding.DecodeString(parts[2])
		mac := hmac.New(sha256.New, s.secret)
		mac.Write([]byte(parts[0] + "." + parts[1]))
		if err != nil || !hmac.Equal(signature, mac.Sum(nil)) {
			return nil, errToken
		}
		known = who
		s.tokens.Store(token, who)
	}
	who := known.(*caller)
	if who.Expires < time.Now().Unix() {
		return nil, errToken
	}
	return who, nil
}

func unpack(part string, into interface{}) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}
