package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// PocketBase is built in a module of its own, so that it is no dependency of this one.
const (
	pocketbaseVersion = "0.39.0"
	pocketbaseModule  = "module rival\n\ngo 1.26.0\n\nrequire github.com/pocketbase/pocketbase v" + pocketbaseVersion + "\n"
	pocketbaseMain    = `package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
)

func main() {
	if err := pocketbase.New().Start(); err != nil {
		log.Fatal(err)
	}
}
`
	pocketbaseMost = 1000 // records on a page
)

func (b *bench) buildPocketBase() error {
	for name, text := range map[string]string{"go.mod": pocketbaseModule, "main.go": pocketbaseMain} {
		if _, err := b.keep("rival/"+name, []byte(text)); err != nil {
			return err
		}
	}
	b.pocketbase = filepath.Join(b.dir, "pocketbase")
	return b.build(b.pocketbase, ".", filepath.Join(b.dir, "rival"))
}

// pocketbase speaks to a PocketBase as its administrator.
type pocketbase struct {
	ctx    context.Context
	base   string
	token  string
	client *http.Client
}

// besidePocketBase starts PocketBase with the panels of the agenda, their rooms, tracks and speakers, and asks for the list of panels
// with what they relate to. Longer lists than it gives on a page are not compared.
func (b *bench) besidePocketBase(s *site, r reading) (*target, error) {
	if s.panels > pocketbaseMost {
		b.report.missing(fmt.Sprintf("PocketBase gives at most %d records at once: it was not measured with more panels", pocketbaseMost))
		return nil, nil
	}
	b.say("  filling PocketBase")
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	const email, password = "bench@example.org", "0123456789" // #nosec G101 -- of a server that is gone with the bench
	data := "--dir=" + filepath.Join(b.dir, fmt.Sprintf("pocketbase-%d", s.panels))
	if _, err := b.output(nil, b.pocketbase, "superuser", "upsert", email, password, data, "--dev=false"); err != nil {
		return nil, err
	}
	begun := time.Now()
	c, err := b.start("pocketbase", nil, b.pocketbase, "serve", "--http="+address, data, "--dev=false")
	if err != nil {
		return nil, err
	}
	p := pocketbase{ctx: b.ctx, base: "http://" + address, client: s.client}
	if _, err := b.ready(c, begun, p.base+"/api/health"); err != nil {
		return nil, err
	}
	var signedIn struct{ Token string }
	if err := p.post("/api/collections/_superusers/auth-with-password", object{"identity": email, "password": password}, &signedIn); err != nil {
		return nil, err
	}
	p.token = signedIn.Token
	agenda, err := ask(b.ctx, s.client, http.MethodGet, s.base+agendaPath, nil, nil)
	if err != nil {
		return nil, err
	}
	if err := p.fill(agenda.body); err != nil {
		return nil, err
	}
	rival := &server{name: pocketbaseName, child: c, pids: []int{c.pid()}, base: p.base, conns: fewConns}
	t, _, err := newTarget(b.ctx, r, rival, fmt.Sprintf("/api/collections/panels/records?perPage=%d&expand=room,track,speakers&skipTotal=1&sort=start", pocketbaseMost))
	if err != nil {
		return nil, err
	}
	return t, checkPocketBase(t.body, s.panels)
}

// checkPocketBase holds that the list has all panels and what they relate to.
func checkPocketBase(body []byte, panels int) error {
	var list struct {
		Items []struct {
			Expand struct {
				Room, Track object
				Speakers    []object
			}
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return err
	}
	for _, item := range list.Items {
		if e := item.Expand; e.Room["name"] == nil || e.Track["name"] == nil || len(e.Speakers) != 2 {
			return fmt.Errorf("PocketBase leaves out what a panel relates to: %.300s", body)
		}
	}
	if len(list.Items) != panels {
		return fmt.Errorf("PocketBase lists %d panels of %d", len(list.Items), panels)
	}
	return nil
}

// pocketbaseFields are the columns of each collection: a plain name is JSON, as texts in several languages are, and "name>collection" a
// relation.
var pocketbaseFields = []struct{ collection, fields string }{
	{"rooms", "name kind capacity"},
	{"tracks", "name color"},
	{"people", "name job_title organization country"},
	{"panels", "code uid url ics format title abstract day start end minutes language room>rooms track>tracks speakers>people"},
}

// fill makes the collections, which anybody may read, and puts an agenda.json into them.
func (p *pocketbase) fill(agenda []byte) error {
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(agenda, &lists); err != nil {
		return err
	}
	collections, records := map[string]string{}, map[string]string{} // their ids, by name and by ours
	for _, c := range pocketbaseFields {
		var fields []object
		for name := range strings.FieldsSeq(c.fields) {
			name, to, related := strings.Cut(name, ">")
			field := object{"name": name, "type": "json"}
			switch {
			case related && name == "speakers":
				field = object{"name": name, "type": "relation", "collectionId": collections[to], "maxSelect": 99}
			case related:
				field = object{"name": name, "type": "relation", "collectionId": collections[to], "maxSelect": 1}
			case name == "start":
				field = object{"name": name, "type": "date"}
			}
			fields = append(fields, field)
		}
		var made struct{ ID string }
		if err := p.post("/api/collections", object{"name": c.collection, "type": "base", "listRule": "", "viewRule": "", "fields": fields}, &made); err != nil {
			return err
		}
		collections[c.collection] = made.ID
		var things []object
		if err := json.Unmarshal(lists[c.collection], &things); err != nil {
			return err
		}
		for _, thing := range things {
			if err := p.add(c.collection, thing, records); err != nil {
				return err
			}
		}
	}
	return nil
}

// add adds one thing, with PocketBase's ids in the place of ours.
func (p *pocketbase) add(collection string, thing object, records map[string]string) error {
	ours, _ := thing["id"].(string)
	delete(thing, "id")
	if collection == "panels" {
		for _, name := range []string{"room", "track"} {
			to, _ := thing[name].(string)
			thing[name] = records[to]
		}
		var speakers []string
		list, _ := thing["speakers"].([]any)
		for _, each := range list {
			speaker, _ := each.(object)
			person, _ := speaker["person"].(string)
			speakers = append(speakers, records[person])
		}
		thing["speakers"] = speakers
	}
	var made struct{ ID string }
	if err := p.post("/api/collections/"+collection+"/records", thing, &made); err != nil {
		return err
	}
	records[ours] = made.ID
	return nil
}

func (p *pocketbase) post(path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {p.token}}
	a, err := ask(p.ctx, p.client, http.MethodPost, p.base+path, header, bytes.NewReader(text))
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("PocketBase: %s: %d: %.500s", path, a.status, a.body)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(a.body, into)
}
