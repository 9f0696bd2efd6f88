package app_test

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// lines hands on what is written to a log, line by line.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// TestHoleV36APanicInTheBackground: letters go on their own, where nobody else would catch a panic, and it ended the whole
// program (PocketBase 7762). The panic is told in the log, without the letter, and the next letter goes.
func TestHoleV36APanicInTheBackground(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		log, sent := make(lines, 100), make(chan agenda.Letter, 10)
		var mended atomic.Bool
		h = h.as(func(o *app.Options) {
			o.Log = slog.New(slog.NewTextHandler(log, nil))
			o.Post = func(_ context.Context, l agenda.Letter) error {
				if !mended.Load() {
					var nobody *agenda.Account
					_ = nobody.Email // a nil pointer
				}
				sent <- l
				return nil
			}
		})
		h.account(t, "anna")
		wantCode(t, h.AskReset(t.Context(), email("anna"), base, here), "")
		for told := ""; !strings.Contains(told, "panic"); {
			select {
			case told = <-log:
				if strings.Contains(told, "#") || strings.Contains(told, "anna") {
					t.Errorf("the log tells of the letter: %s", told)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("the panic is not in the log")
			}
		}
		mended.Store(true)
		wantCode(t, h.AskReset(t.Context(), email("anna"), base, here), "")
		select {
		case <-sent:
		case <-time.After(20 * time.Second):
			t.Fatal("the next letter did not go")
		}
	})
}
