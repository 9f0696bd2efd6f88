package credential

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
)

var cheap = Params{Memory: 64, Passes: 1, Threads: 1}

func TestPasswordsAreVerified(t *testing.T) {
	p := NewPasswords(cheap)
	for _, password := range []string{"correct horse battery", "mật khẩu của tôi", "emoji 🔑🔑🔑🔑", strings.Repeat("é", MaxPassword), " spaces around ", "\x00 control"} {
		hash, err := p.Hash(t.Context(), password)
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]bool{password: true, password + " ": false, strings.ToUpper(password): false, "": false, password[:len(password)-1]: false} {
			ok, outdated, err := p.Verify(t.Context(), hash, typed)
			if ok != want || outdated || err != nil {
				t.Errorf("%q for %q: got %t, %t, %v", typed, password, ok, outdated, err)
			}
		}
		if again, _ := p.Hash(t.Context(), password); again == hash {
			t.Errorf("%q: the salt is the same", password)
		}
	}
}

// "ế" is one character to one keyboard and three to another.
func TestPasswordsAreComposed(t *testing.T) {
	p := NewPasswords(cheap)
	hash, _ := p.Hash(t.Context(), "bí mật của ti\u1EBFng Việt")
	if ok, _, err := p.Verify(t.Context(), hash, "bí mật của tie\u0302\u0301ng Việt"); !ok {
		t.Error("not the same", err)
	}
}

// The end of a long password counts: nothing is cut.
func TestPasswordsAreNotCut(t *testing.T) {
	p := NewPasswords(cheap)
	long := strings.Repeat("x", MaxPassword-1)
	hash, _ := p.Hash(t.Context(), long+"a")
	if ok, _, _ := p.Verify(t.Context(), hash, long+"b"); ok {
		t.Error("the last character does not count")
	}
}

func TestPasswordOfAnotherProgram(t *testing.T) {
	// RFC 9106's reference program: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	ok, outdated, err := NewPasswords(OWASP).Verify(t.Context(), hash, "password")
	if !ok || !outdated || err != nil {
		t.Errorf("got %t, %t, %v", ok, outdated, err)
	}
}

func TestPasswordsAreHashedAnew(t *testing.T) {
	hash, _ := NewPasswords(cheap).Hash(t.Context(), "correct horse battery")
	dearer := cheap
	dearer.Passes++
	for _, c := range []struct {
		params         Params
		typed          string
		ok, isOutdated bool
	}{{cheap, "correct horse battery", true, false}, {dearer, "correct horse battery", true, true}, {dearer, "wrong", false, false}} {
		ok, outdated, err := NewPasswords(c.params).Verify(t.Context(), hash, c.typed)
		if ok != c.ok || outdated != c.isOutdated || err != nil {
			t.Errorf("%+v: got %t, %t, %v", c, ok, outdated, err)
		}
	}
}

// Whoever is asked for, one hash is computed: known, unknown and without a password, right, wrong and too long.
func TestUnknownAccountsCostTheSame(t *testing.T) {
	p := NewPasswords(cheap)
	known, _ := p.Hash(t.Context(), "correct horse battery")
	for _, hash := range []string{known, ""} {
		for _, typed := range []string{"correct horse battery", "wrong", "", strings.Repeat("x", 1000)} {
			before := p.Hashes()
			ok, outdated, err := p.Verify(t.Context(), hash, typed)
			if ok != (hash == known && typed == "correct horse battery") || outdated || err != nil {
				t.Errorf("%q for %q: got %t, %t, %v", typed, hash, ok, outdated, err)
			}
			if n := p.Hashes() - before; n != 1 {
				t.Errorf("%q for %q: %d hashes", typed, hash, n)
			}
		}
	}
}

// What a program costs whoever guesses, by OWASP's Password Storage Cheat Sheet, is in the hash itself.
func TestOWASPsCostIsInTheHash(t *testing.T) {
	hash, err := NewPasswords(OWASP).Hash(t.Context(), "correct horse battery")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s, %v", hash, err)
	}
	if h, err := parsePHC(hash); err != nil || len(h.salt) != 16 || len(h.key) != 32 {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestHashesWaitForAPlace(t *testing.T) {
	p := NewPasswords(cheap)
	p.patience = 20 * time.Millisecond
	for range maxHashes {
		p.slots <- struct{}{}
	}
	_, err := p.Hash(t.Context(), "correct horse battery")
	if agenda.CodeOf(err) != agenda.Unavailable || p.Hashes() != 0 {
		t.Errorf("got %v after %d hashes", err, p.Hashes())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := p.Verify(ctx, "", "x"); !errors.Is(err, context.Canceled) || agenda.CodeOf(err) != agenda.Unavailable {
		t.Errorf("got %v", err)
	}
	p.patience = time.Minute
	time.AfterFunc(20*time.Millisecond, func() { <-p.slots })
	if _, err := p.Hash(t.Context(), "correct horse battery"); err != nil {
		t.Error(err)
	}
	if len(p.slots) != maxHashes-1 {
		t.Errorf("%d places are taken", len(p.slots))
	}
}

func TestManyHashesAtOnce(t *testing.T) {
	p := NewPasswords(Params{Memory: 1 << 10, Passes: 1, Threads: 1})
	p.patience = time.Minute
	hash, _ := p.Hash(t.Context(), "correct horse battery")
	var wait sync.WaitGroup
	for range 100 {
		wait.Go(func() {
			if ok, _, err := p.Verify(t.Context(), hash, "correct horse battery"); !ok || err != nil {
				t.Errorf("got %t, %v", ok, err)
			}
		})
	}
	wait.Wait()
	if len(p.slots) != 0 {
		t.Errorf("%d places are still taken", len(p.slots))
	}
}

func TestPHC(t *testing.T) {
	const salt, key = "c29tZXNhbHQxMjM0NTY", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	const good = "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + key
	if h, err := parsePHC(good); err != nil || h.String() != good {
		t.Fatalf("got %v, %v", h, err)
	}
	for _, bad := range []string{
		"", "$", "x" + good, good + "$", good + "\n", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "argon2id", "bcrypt", 1),
		strings.Replace(good, "v=19", "v=16", 1), strings.Replace(good, "$v=19", "", 1),
		strings.Replace(good, "m=19456", "m=4294967295", 1), strings.Replace(good, "m=19456", "m=131073", 1), strings.Replace(good, "m=19456", "m=7", 1),
		strings.Replace(good, "m=19456", "m=0", 1), strings.Replace(good, "m=19456", "m=-1", 1), strings.Replace(good, "m=19456", "m=+19456", 1),
		strings.Replace(good, "m=19456", "m=019456", 1), strings.Replace(good, "m=19456", "m= 19456", 1), strings.Replace(good, "m=19456", "m=99999999999999999999", 1),
		strings.Replace(good, "t=2", "t=0", 1), strings.Replace(good, "t=2", "t=17", 1), strings.Replace(good, "t=2", "x=2", 1),
		strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=256", 1), strings.Replace(good, "p=1", "p=1,keyid=x", 1),
		strings.Replace(good, "m=19456,t=2", "t=2,m=19456", 1), strings.Replace(good, salt, "", 1), strings.Replace(good, salt, "c2FsdA", 1),
		strings.Replace(good, key, "c2hvcnQ", 1), strings.Replace(good, key, key+"=", 1), strings.Replace(good, key, "*"+key[1:], 1),
		strings.Replace(good, key, strings.Repeat("A", 100), 1), strings.Replace(good, key, strings.Repeat("A", 10000), 1),
	} {
		_, err := parsePHC(bad)
		if agenda.CodeOf(err) != agenda.Internal {
			t.Errorf("%q: got %v", bad, err)
		}
		if err != nil && strings.Contains(err.Error(), key) {
			t.Errorf("%q: the error repeats the hash: %v", bad, err)
		}
	}
}

func FuzzPHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=131072,t=16,p=16$$")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parsePHC(s)
		if err != nil {
			return
		}
		if h.String() != s {
			t.Errorf("%q is written as %q", s, h.String())
		}
		if h.params.Memory > maxMemory || h.params.Passes > maxPasses || h.params.Threads > maxThreads || h.params.Memory < 8*uint32(h.params.Threads) {
			t.Errorf("%q: %+v", s, h.params)
		}
	})
}

func TestCheckPassword(t *testing.T) {
	context := []string{"thi.nguyen@forum.example.org", "Nguyễn Thị Hằng", "Hà Nội Forum 2026"}
	longest := strings.Repeat("never the same twice ", 6) + "?!"
	good := []string{
		"correct horse battery", "xkcd936 staple", "Tr0ub4dor&3 and more", "mật khẩu rất dài", "J7#kq92!vLmz", "vLmzJ7kq92", "plenary-x7#kq", "purple-ocean-42",
		"      x y z  q w k", "🔑🎷🐙🦉🍜🚲🎈🧵🪁🌋", longest,
	}
	for _, password := range good {
		if err := CheckPassword(password, context...); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
	bad := map[string][]string{
		"at least":    {"", "short", "123456789", "éééééé"},
		"at most":     {longest + "x"},
		"tried first": {"qwertyuiop", "1234567890", "password123", "PASSWORD123", "basketball", "superpassword", "aaaaaaaaaaaa", "1qaz2wsx3edc4rfv"},
		"UTF-8":       {"valid until \xff here"},
		"easy to guess": {
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abababababab", "abcdefghijklm", "zyxwvutsrqpo", "asdfghjkl;12", "azertyuiop12", "1qaz2wsx3edc4rfv5t", "9876543210987",
			"plenary2026", "Plenary-2026!", "nguyen12345", "Nguyen.Thi.1", "ForumForum26", "HaNoiForum2026", "hanoiforum1!", "thi.nguyen@forum.example.org",
			"NguyễnThịHằng1", "passwordpassword1", "aaaabbbbccccdddd", "motdepasse2026", "xyxyxyxyxyxyxyxy",
		},
	}
	for why, passwords := range bad {
		for _, password := range passwords {
			err := CheckPassword(password, context...)
			var e *agenda.Error
			if !errors.As(err, &e) || e.Code != agenda.Invalid || len(e.Faults) != 1 || e.Faults[0].Pointer != "/password" || !strings.Contains(e.Faults[0].Message, why) {
				t.Errorf("%q: got %v, want %q", password, err, why)
			} else if len(password) > 3 && strings.Contains(err.Error(), password) {
				t.Errorf("%q is in the error", password)
			}
		}
	}
}

// OWASP's ASVS 5.0, 6.2.4, wants the 3,000 most common passwords that are long enough to be refused.
func TestTheCommonestAreRefused(t *testing.T) {
	n := 0
	for line := range strings.Lines(commonPasswords) {
		line = strings.TrimSuffix(line, "\n")
		if len(line) < MinPassword || line != strings.ToLower(line) {
			t.Fatalf("line %d: %q", n+1, line)
		}
		for _, typed := range []string{line, strings.ToUpper(line)} {
			if CheckPassword(typed) == nil {
				t.Fatalf("%q is taken", typed)
			}
		}
		n++
	}
	if n < 3000 || len(common()) != n {
		t.Errorf("%d passwords, %d of them different", n, len(common()))
	}
}

func FuzzCheckPassword(f *testing.F) {
	f.Add("correct horse battery", "a@example.org")
	f.Add("ẾẾẾẾẾẾẾẾẾẾ\u0301\u0301", "ế")
	f.Fuzz(func(t *testing.T, password, about string) {
		begin := time.Now()
		_ = CheckPassword(password, about)
		if len(about) < 1000 && time.Since(begin) > 5*time.Second {
			t.Errorf("%q took %s", password, time.Since(begin))
		}
	})
}

func BenchmarkHash(b *testing.B) {
	for name, params := range map[string]Params{"OWASP": OWASP, "46MiB": {46 << 10, 1, 1}, "64MiB": {64 << 10, 3, 4}} {
		b.Run(name, func(b *testing.B) {
			p := NewPasswords(params)
			for b.Loop() {
				if _, err := p.Hash(b.Context(), "correct horse battery"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckPassword(b *testing.B) {
	long := strings.Repeat("abcxyzq1 ", 14)
	for b.Loop() {
		_ = CheckPassword(long, "thi.nguyen@forum.example.org", "Nguyễn Thị Hằng")
	}
}
