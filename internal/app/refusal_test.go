package app_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Whether a refused sign-in is told depends on what was typed and on the network, not on whether there is such an account: who
// asks could else learn that from the time.
func TestRefusedSignInsAreToldSeldom(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		account := h.account(t, "anh")
		told := func() (list []string) {
			t.Helper()
			log, _, err := h.AllActivities(ctx, operator, app.ActivityFilter{Outcome: agenda.Refused}, app.Page{Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range log {
				list = append(list, fmt.Sprint(a.Verb, " ", a.Address, " ", a.Subject == account.ID, " ", fieldWords(a.After)))
			}
			slices.Sort(list)
			return list
		}
		for i := range 3 {
			for _, name := range []string{"anh", "nobody"} {
				for _, address := range []string{"192.0.2.1", fmt.Sprint("2001:db8::", i)} {
					_, err := h.SignIn(ctx, email(name), another, "", app.From{Address: address})
					wantCode(t, err, agenda.Unauthenticated)
				}
			}
		}
		want := []string{`account.refuse 192.0.2.1 false code="unauthenticated"`, `account.refuse 192.0.2.1 true code="unauthenticated"`,
			`account.refuse 2001:db8::0 false code="unauthenticated"`, `account.refuse 2001:db8::0 true code="unauthenticated"`}
		if diff := cmp.Diff(want, told()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		h.pass(10 * time.Minute)
		for range 10 {
			_, err := h.SignIn(ctx, email("nobody"), another, "", here)
			if code := agenda.CodeOf(err); code != agenda.Unauthenticated && code != agenda.TooMany {
				t.Fatal(err)
			}
		}
		if got := told(); len(got) != len(want)+1 {
			t.Errorf("ten minutes later there are %v", got)
		}
	})
}

// Of IPv6, one customer has a whole network: guesses from all its addresses are guesses from one place.
func TestGuessingFromOneNetworkIsSlow(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		wantCounts(t, atOnce(110, func(i int) error {
			_, err := h.SignIn(context.Background(), email(fmt.Sprint(i)), another, "", app.From{Address: fmt.Sprintf("2001:db8::%x", i)})
			return err
		}), map[agenda.Code]int{agenda.Unauthenticated: 100, agenda.TooMany: 10})
	})
}
