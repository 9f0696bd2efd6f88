package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// tryMeeting answers the request that waits in the demo: its times are ahead, whenever the demo is started.
func tryMeeting(t *testing.T, s *site) {
	t.Helper()
	if resp, _ := get(t, s.Try); resp.StatusCode != http.StatusOK || len(s.Guests) != 3 {
		t.Errorf("%s: %s, with %d guests", s.Try, resp.Status, len(s.Guests))
	}
	const at = "/api/v1/events/" + trySlug + "/meetings"
	_, body := call(t, s, http.MethodGet, at, "")
	var list struct{ Items []struct{ ID, Status string } }
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Items) != 1 || list.Items[0].Status != "requested" {
		t.Fatalf("%v: %s", err, body)
	}
	req, err := http.NewRequest(http.MethodPost, s.Base+at+"/"+list.Items[0].ID+"/accept", strings.NewReader(`{"time": 1}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + s.Token, "Content-Type": "application/json", "If-Match": "*"} {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("a time of the request can't be accepted: %s, %v", resp.Status, err)
	}
}
