package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"plenary/internal/agenda"
)

func plainAccount(n int) agenda.Account {
	return agenda.Account{ID: id("account", n), Email: fmt.Sprintf("a%d@example.org", n), Name: fmt.Sprint("Account ", n), Revision: 1,
		Created: at(n), Updated: at(n)}
}

func fullAccount() agenda.Account {
	out := at(9)
	return agenda.Account{ID: "account-full", Email: "hung@example.org", EmailVerified: true, Name: "Nguyễn <b>&\"' \\%_", Language: "vi", Admin: true,
		Password: "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$a2V5", TOTP: "JBSWY3DPEHPK3PXP", TOTPStep: 58_000_000_000, Recovery: []string{"b", "a"},
		Disabled: &out, Revision: 7, Created: at(1).Add(123 * time.Millisecond), Updated: at(2)}
}

func fullLogin() agenda.Login {
	return agenda.Login{ID: "login", AccountID: "account-full", Hash: "hash of a login", Method: agenda.ByRecovery, Address: "2001:db8::1", Agent: "Browser/1 'x'",
		Created: at(1), Seen: at(2), Expires: at(60 * 24), Confirmed: at(3)}
}

func fullLink() agenda.AccountLink {
	used := at(5)
	return agenda.AccountLink{ID: "link", Purpose: agenda.ForInvite, Hash: "hash of a link", AccountID: "account-full", EventID: "event-0001",
		Email: "new@example.org", Roles: []agenda.MemberRole{agenda.Owner, agenda.Protocol}, Language: "fr", Mailed: true, MadeBy: "Hùng",
		Created: at(1), Expires: at(2), Used: &used}
}

// fillAccounts adds to the full event an account that has one of everything.
func fillAccounts(tx *Tx) error {
	link := fullLink()
	link.EventID = "e-full"
	return errors.Join(tx.InsertAccount(fullAccount()),
		tx.InsertMember(agenda.Member{EventID: "e-full", AccountID: "account-full", Roles: []agenda.MemberRole{agenda.Editor}, Revision: 1, Created: at(1), Updated: at(1)}),
		tx.InsertPasskey(agenda.Passkey{ID: "passkey_-", AccountID: "account-full", Name: "Phone", Data: []byte(`{"a":"é"}`), Created: at(1)}),
		tx.InsertIdentity(agenda.Identity{Issuer: "https://id.example.org", Subject: "s", AccountID: "account-full", Created: at(1)}),
		tx.InsertLogin(fullLogin(), at(3)), tx.InsertAccountLink(link), tx.InsertAttempt("attempt", "key", at(1)),
		tx.InsertCeremony(agenda.Ceremony{Hash: "c", Kind: agenda.PasskeyNew, AccountID: "account-full", Data: []byte(`{}`), Expires: at(10)}, at(1)))
}

// seedAccounts adds event 1 with a full account that has one of everything, and account 2, which has nothing.
func seedAccounts(t *testing.T, s *Store) (m agenda.Member, p agenda.Passkey, c agenda.Ceremony) {
	t.Helper()
	event := populate(t, s, 0)
	used := at(4)
	m = agenda.Member{EventID: event, AccountID: "account-full", Roles: []agenda.MemberRole{agenda.Editor, agenda.CheckIn}, Revision: 3, Created: at(1), Updated: at(2)}
	p = agenda.Passkey{ID: "passkey_-", AccountID: "account-full", Name: "Phone", Data: []byte(`{"a":"é"}`), Created: at(1), Used: &used}
	c = agenda.Ceremony{Hash: "hash of a ceremony", Kind: agenda.PasskeyNew, AccountID: "account-full", Data: []byte(`{"b":1}`), Expires: at(10)}
	write(t, s, func(tx *Tx) error {
		return errors.Join(tx.InsertAccount(fullAccount()), tx.InsertAccount(plainAccount(2)), tx.InsertMember(m), tx.InsertPasskey(p),
			tx.InsertIdentity(agenda.Identity{Issuer: "https://id.example.org", Subject: "s", AccountID: "account-full", Created: at(1)}),
			tx.InsertLogin(fullLogin(), at(3)), tx.InsertAccountLink(fullLink()), tx.InsertCeremony(c, at(1)), tx.InsertAttempt("attempt", "key", at(1)))
	})
	m.Email, m.Name = fullAccount().Email, fullAccount().Name
	return m, p, c
}

func TestAccountsRoundTripWithEveryField(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		m, p, c := seedAccounts(t, s)
		read(t, s, func(tx *Tx) error {
			same(t, "account", must[agenda.Account](t)(tx.Account("account-full")), fullAccount())
			same(t, "empty account", must[agenda.Account](t)(tx.Account("account-0002")), plainAccount(2))
			same(t, "account by address", must[agenda.Account](t)(tx.AccountByEmail("hung@example.org")), fullAccount())
			list, next, err := tx.Accounts(Page{Limit: 1})
			same(t, "accounts", must[[]agenda.Account](t)(list, err), []agenda.Account{fullAccount()})
			list, next, err = tx.Accounts(Page{Limit: 1, After: next})
			same(t, "accounts after it", must[[]agenda.Account](t)(list, err), []agenda.Account{plainAccount(2)})
			same(t, "next", next, "")
			same(t, "some", must[bool](t)(tx.HasAccounts()), true)
			same(t, "member", must[agenda.Member](t)(tx.Member("event-0001", "account-full")), m)
			same(t, "members", must[[]agenda.Member](t)(tx.Members("event-0001")), []agenda.Member{m})
			bare := m
			bare.Email, bare.Name = "", ""
			same(t, "memberships", must[[]agenda.Member](t)(tx.Memberships("account-full")), []agenda.Member{bare})
			same(t, "passkeys", must[[]agenda.Passkey](t)(tx.Passkeys("account-full")), []agenda.Passkey{p})
			same(t, "identity", must[agenda.Identity](t)(tx.Identity("https://id.example.org", "s")),
				agenda.Identity{Issuer: "https://id.example.org", Subject: "s", AccountID: "account-full", Created: at(1)})
			same(t, "login", must[agenda.Login](t)(tx.LoginByHash("hash of a login")), fullLogin())
			same(t, "logins", must[[]agenda.Login](t)(tx.Logins("account-full")), []agenda.Login{fullLogin()})
			same(t, "link", must[agenda.AccountLink](t)(tx.AccountLinkByHash("hash of a link", agenda.ForInvite)), fullLink())
			same(t, "ceremony", must[agenda.Ceremony](t)(tx.Ceremony("hash of a ceremony", agenda.PasskeyNew)), c)
			n, first, err := tx.Attempts("key", at(0), at(1000))
			if n != 1 || !first.Equal(at(1)) || err != nil {
				t.Errorf("attempts: %d, %v, %v", n, first, err)
			}
			return nil
		})
	})
}

func TestAccountsThatAreNotThere(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		seedAccounts(t, s)
		account := fullAccount()
		account.ID, account.Email = "none", "none@example.org"
		member := agenda.Member{EventID: "event-0001", AccountID: "account-0002", Roles: []agenda.MemberRole{agenda.Viewer}, Revision: 2}
		for what, fn := range map[string]func(tx *Tx) error{
			"account":                     func(tx *Tx) error { _, err := tx.Account("none"); return err },
			"account of odd bytes":        func(tx *Tx) error { _, err := tx.Account("a\x00\xff"); return err },
			"address of odd bytes":        func(tx *Tx) error { _, err := tx.AccountByEmail("a\x00@example.org"); return err },
			"address in another case":     func(tx *Tx) error { _, err := tx.AccountByEmail("Hung@example.org"); return err },
			"update of an account":        func(tx *Tx) error { return tx.UpdateAccount(account) },
			"member":                      func(tx *Tx) error { _, err := tx.Member("event-0001", "account-0002"); return err },
			"update of a member":          func(tx *Tx) error { return tx.UpdateMember(member) },
			"delete of a member":          func(tx *Tx) error { return tx.DeleteMember(member) },
			"another's passkey":           func(tx *Tx) error { return tx.DeletePasskey("account-0002", "passkey_-") },
			"use of another's passkey":    func(tx *Tx) error { return tx.UsePasskey("account-0002", "passkey_-", nil, at(0)) },
			"identity of another issuer":  func(tx *Tx) error { _, err := tx.Identity("https://other.example.org", "s"); return err },
			"login":                       func(tx *Tx) error { _, err := tx.LoginByHash("none"); return err },
			"another's login":             func(tx *Tx) error { return tx.DeleteLogin("account-0002", "login") },
			"touch of a login":            func(tx *Tx) error { return tx.TouchLogin("none", at(0)) },
			"confirmation of a login":     func(tx *Tx) error { return tx.ConfirmLogin("none", "h", at(0)) },
			"link for something else":     func(tx *Tx) error { _, err := tx.AccountLinkByHash("hash of a link", agenda.ForReset); return err },
			"link that was used":          func(tx *Tx) error { return tx.UseAccountLink("link", at(0)) },
			"invitation that was used":    func(tx *Tx) error { return tx.DeleteInvitation("event-0001", "link") },
			"ceremony of another kind":    func(tx *Tx) error { _, err := tx.Ceremony("hash of a ceremony", agenda.TOTPNew); return err },
			"ceremony that was not begun": func(tx *Tx) error { return tx.DeleteCeremony("none") },
		} {
			t.Run(what, func(t *testing.T) { refused(t, s, agenda.NotFound, fn) })
		}
	})
}

func TestTheDatabaseRefusesAccounts(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		m, p, _ := seedAccounts(t, s)
		account := func(change func(*agenda.Account)) func(tx *Tx) error {
			return func(tx *Tx) error { a := plainAccount(7); change(&a); return tx.InsertAccount(a) }
		}
		login := func(change func(*agenda.Login)) func(tx *Tx) error {
			return func(tx *Tx) error { l := fullLogin(); l.ID = "other"; change(&l); return tx.InsertLogin(l, at(3)) }
		}
		link := func(change func(*agenda.AccountLink)) func(tx *Tx) error {
			return func(tx *Tx) error {
				l := fullLink()
				l.ID, l.Used = "other", nil
				change(&l)
				return tx.InsertAccountLink(l)
			}
		}
		for _, c := range []struct {
			what string
			code agenda.Code
			fn   func(tx *Tx) error
		}{
			{"address", agenda.Taken, account(func(a *agenda.Account) { a.Email = "hung@example.org" })},
			{"address on update", agenda.Taken, func(tx *Tx) error {
				a := plainAccount(2)
				a.Email, a.Revision = "hung@example.org", 2
				return tx.UpdateAccount(a)
			}},
			{"no address", agenda.Invalid, account(func(a *agenda.Account) { a.Email = "" })},
			{"no ID", agenda.Invalid, account(func(a *agenda.Account) { a.ID = "" })},
			{"no revision", agenda.Invalid, account(func(a *agenda.Account) { a.Revision = 0 })},
			{"stale account", agenda.Stale, func(tx *Tx) error { a := fullAccount(); a.Revision = 7; return tx.UpdateAccount(a) }},
			{"member twice", agenda.Taken, func(tx *Tx) error { return tx.InsertMember(m) }},
			{"stale member", agenda.Stale, func(tx *Tx) error { m := m; m.Revision = 3; return tx.UpdateMember(m) }},
			{"delete of a stale member", agenda.Stale, func(tx *Tx) error { m := m; m.Revision = 2; return tx.DeleteMember(m) }},
			{"member without roles", agenda.Invalid, func(tx *Tx) error { m := m; m.AccountID, m.Roles = "account-0002", nil; return tx.InsertMember(m) }},
			{"member without an account", agenda.Invalid, func(tx *Tx) error { m := m; m.AccountID = "none"; return tx.InsertMember(m) }},
			{"passkey of two accounts", agenda.Taken, func(tx *Tx) error { p := p; p.AccountID = "account-0002"; return tx.InsertPasskey(p) }},
			{"identity of two accounts", agenda.Taken, func(tx *Tx) error {
				return tx.InsertIdentity(agenda.Identity{Issuer: "https://id.example.org", Subject: "s", AccountID: "account-0002"})
			}},
			{"identity without a subject", agenda.Invalid, func(tx *Tx) error {
				return tx.InsertIdentity(agenda.Identity{Issuer: "https://id.example.org", AccountID: "account-0002"})
			}},
			{"login of another secret", agenda.Taken, login(func(*agenda.Login) {})},
			{"login of nobody", agenda.Invalid, login(func(l *agenda.Login) { l.Hash, l.AccountID = "h", "none" })},
			{"login without a secret", agenda.Invalid, login(func(l *agenda.Login) { l.Hash = "" })},
			{"link of another secret", agenda.Taken, link(func(*agenda.AccountLink) {})},
			{"link for something else", agenda.Invalid, link(func(l *agenda.AccountLink) { l.Hash, l.Purpose = "h", "joy" })},
			{"link to no event", agenda.Invalid, link(func(l *agenda.AccountLink) { l.Hash, l.EventID = "h", "none" })},
			{"ceremony of another secret", agenda.Taken, func(tx *Tx) error {
				return tx.InsertCeremony(agenda.Ceremony{Hash: "hash of a ceremony", Kind: agenda.TOTPNew, Expires: at(9)}, at(1))
			}},
		} {
			t.Run(c.what, func(t *testing.T) { refused(t, s, c.code, c.fn) })
		}
	})
}

// What belongs to an account ends with it, and what belongs to an event with that.
func TestWhatAccountsOwn(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		seedAccounts(t, s)
		owned := []string{"members", "passkeys", "identities", "logins", "account_links", "ceremonies"}
		for _, table := range owned {
			same(t, table, count(t, s, table), int64(1))
		}
		write(t, s, func(tx *Tx) error { return tx.DeleteEvent("event-0001", 1) })
		same(t, "members of the event", count(t, s, "members"), int64(0))
		same(t, "invitations to the event", count(t, s, "account_links"), int64(0))
		write(t, s, func(tx *Tx) error { return tx.db.Exec("DELETE FROM accounts WHERE id = 'account-full'").Error })
		for _, table := range owned {
			same(t, table, count(t, s, table), int64(0))
		}
		same(t, "accounts", count(t, s, "accounts"), int64(1))
	})
}

func TestLoginsAndCeremoniesAreForgotten(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		seedAccounts(t, s)
		next := fullLogin()
		next.ID, next.Hash, next.AccountID, next.Seen, next.Expires = "next", "n", "account-0002", at(60*12+2), at(60*48)
		write(t, s, func(tx *Tx) error { return tx.InsertLogin(next, at(60*12+1)) }) // the first was seen at 2
		same(t, "one that is idle for less", count(t, s, "logins"), int64(2))
		next.ID, next.Hash = "third", "m"
		write(t, s, func(tx *Tx) error { return tx.InsertLogin(next, at(60*12+2)) })
		read(t, s, func(tx *Tx) error {
			same(t, "of the first", len(must[[]agenda.Login](t)(tx.Logins("account-full"))), 0)
			return nil
		})
		write(t, s, func(tx *Tx) error { return tx.DeleteLoginsOf("account-0002", "third") })
		same(t, "all but one", count(t, s, "logins"), int64(1))
		same(t, "ceremonies of another", count(t, s, "ceremonies"), int64(1))
		write(t, s, func(tx *Tx) error { return tx.DeleteLoginsOf("account-full", "") })
		same(t, "ceremonies", count(t, s, "ceremonies"), int64(0))
		for n, now := range []int{0, 1, 9, 10} { // each lasts ten minutes
			write(t, s, func(tx *Tx) error {
				return tx.InsertCeremony(agenda.Ceremony{Hash: fmt.Sprint("c", n), Kind: agenda.TOTPNew, Expires: at(now + 10)}, at(now))
			})
		}
		same(t, "ceremonies that last", count(t, s, "ceremonies"), int64(3))
	})
}

func TestLinksTakeThePlaceOfOthers(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		seedAccounts(t, s)
		write(t, s, func(tx *Tx) error { return tx.InsertEvent(plainEvent(2)) })
		add := func(name string, purpose agenda.LinkPurpose, account, event agenda.ID, email string) {
			write(t, s, func(tx *Tx) error {
				return tx.InsertAccountLink(agenda.AccountLink{ID: agenda.ID(name), Purpose: purpose, Hash: name, AccountID: account, EventID: event, Email: email})
			})
		}
		add("setup 1", agenda.ForSetup, "", "", "")
		add("setup 2", agenda.ForSetup, "", "", "")
		add("to one", agenda.ForInvite, "", "event-0001", "x@example.org")
		add("to another", agenda.ForInvite, "", "event-0002", "x@example.org")
		add("somebody else", agenda.ForInvite, "", "event-0001", "y@example.org")
		add("again", agenda.ForInvite, "", "event-0001", "x@example.org")
		add("reset 1", agenda.ForReset, "account-0002", "", "a2@example.org")
		add("reset 2", agenda.ForReset, "account-0002", "", "a2@example.org")
		var left []string
		if err := s.reader.Raw("SELECT id FROM account_links ORDER BY id").Scan(&left).Error; err != nil {
			t.Fatal(err)
		}
		same(t, "links", left, []string{"again", "link", "reset 2", "setup 2", "somebody else", "to another"})
		read(t, s, func(tx *Tx) error {
			var ids []agenda.ID
			for _, l := range must[[]agenda.AccountLink](t)(tx.Invitations("event-0001")) {
				ids = append(ids, l.ID)
			}
			same(t, "invitations", ids, []agenda.ID{"again", "somebody else"})
			return nil
		})
		refused(t, s, agenda.NotFound, func(tx *Tx) error { return tx.DeleteInvitation("event-0002", "again") })
		refused(t, s, agenda.NotFound, func(tx *Tx) error { return tx.DeleteInvitation("event-0001", "reset 2") })
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.EndResets("account-0002", at(1)), tx.DeleteInvitation("event-0001", "again"))
		})
		refused(t, s, agenda.NotFound, func(tx *Tx) error { return tx.UseAccountLink("reset 2", at(2)) })
	})
}

func TestTokensEndWithTheRightsOfWhoMadeThem(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		seedAccounts(t, s)
		token := func(id string, event, by agenda.ID) agenda.Token {
			return agenda.Token{ID: agenda.ID(id), Name: id, EventID: event, MadeBy: by, Scopes: agenda.ReadVerbs, Hash: id, Created: at(0)}
		}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertToken(token("here", "event-0001", "account-full")), tx.InsertToken(token("everywhere", "", "account-full")),
				tx.InsertToken(token("another's", "event-0001", "account-0002")), tx.InsertToken(token("operator's", "event-0001", "")))
		})
		works := func() (list []string) {
			if err := s.reader.Raw("SELECT id FROM tokens WHERE revoked_at IS NULL ORDER BY id").Scan(&list).Error; err != nil {
				t.Fatal(err)
			}
			return list
		}
		write(t, s, func(tx *Tx) error { return tx.RevokeTokensOf("account-full", "event-0001", at(1)) })
		same(t, "at one event", works(), []string{"another's", "everywhere", "operator's"})
		write(t, s, func(tx *Tx) error { return tx.RevokeTokensOf("account-full", "", at(2)) })
		same(t, "at all", works(), []string{"another's", "operator's"})
		read(t, s, func(tx *Tx) error {
			same(t, "when", *must[agenda.Token](t)(tx.Token("here")).Revoked, at(1))
			same(t, "who", must[agenda.Token](t)(tx.Token("here")).MadeBy, agenda.ID("account-full"))
			return nil
		})
	})
}

// Two transactions that lock the same account run one after the other; those of different ones need not.
func TestLockAccount(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		seedAccounts(t, s)
		const several = 20
		failed := make(chan error, several)
		for range several {
			go func() {
				failed <- s.Write(t.Context(), func(tx *Tx) error {
					if err := tx.LockAccount("account-0002"); err != nil {
						return err
					}
					a, err := tx.Account("account-0002")
					if err != nil {
						return err
					}
					a.Revision++
					a.TOTPStep++
					return tx.UpdateAccount(a)
				})
			}()
		}
		for range several {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		read(t, s, func(tx *Tx) error {
			same(t, "steps", must[agenda.Account](t)(tx.Account("account-0002")).TOTPStep, int64(several))
			return nil
		})
	})
}

// Tokens of before have the scopes that come to what they could do.
func TestAnUpgradeKeepsTokens(t *testing.T) {
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			s := open(t, url(t))
			provider, err := s.provider()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := provider.UpTo(t.Context(), 7); err != nil {
				t.Fatal(err)
			}
			write(t, s, func(tx *Tx) error {
				err := insertOldEvent(tx, plainEvent(1))
				for _, row := range [][]any{{"read-one", "event-0001", "read"}, {"write-one", "event-0001", "write"}, {"read-all", nil, "read"}, {"write-all", nil, "write"}} {
					err = errors.Join(err, tx.db.Exec("INSERT INTO tokens (id, name, event_id, scope, prefix, hash, created_at, last_used_at) VALUES (?, 'Bot', ?, ?, 'p', ?, 1000, 2000)",
						row[0], row[1], row[2], row[0]).Error)
				}
				return err
			})
			if _, err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			used := time.UnixMilli(2000).UTC()
			for name, want := range map[string]agenda.Token{
				"read-one": {EventID: "event-0001", Scopes: agenda.ReadVerbs}, "write-one": {EventID: "event-0001", Scopes: agenda.EventVerbs},
				"read-all": {Scopes: agenda.ReadVerbs}, "write-all": {Scopes: agenda.Verbs},
			} {
				want.ID, want.Name, want.Prefix, want.Hash, want.Created, want.LastUsed = agenda.ID(name), "Bot", "p", name, time.UnixMilli(1000).UTC(), &used
				read(t, s, func(tx *Tx) error { same(t, name, must[agenda.Token](t)(tx.TokenByHash(name)), want); return nil })
			}
		})
	}
}
