package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func tokenCommand(w world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke the API's tokens",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(tokenCreateCommand(w), tokenListCommand(w), tokenRevokeCommand(w))
	return cmd
}

func tokenCreateCommand(w world) *cobra.Command {
	var name, slug string
	var scopes []string
	var expires time.Duration
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make a token for the API",
		Long: `Create makes a token and prints its secret, once: only a hash of it is kept. With --event it
opens that event alone; without, it opens all events and may create new ones.`,
		Example: `  plenary token create --name "web site" --event vidw-2025 --scope read
  plenary token create --name "first organizer" --expires 720h`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			t := agenda.Token{Name: name, Scopes: agenda.ReadScopes(scopes, slug == "")}
			if expires != 0 {
				at := time.Now().Add(expires).UTC().Truncate(time.Millisecond)
				t.Expires = &at
			}
			_, secret, err := in.app.CreateToken(cmd.Context(), operator, slug, t, app.Once{})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(w.Out, secret)
			return err
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "what it is for (needed)")
	cmd.Flags().StringVar(&slug, "event", "", "slug of the one event that it opens")
	cmd.Flags().StringSliceVar(&scopes, "scope", []string{"write"}, "read, write, or rights such as read_draft,edit_meetings")
	cmd.Flags().DurationVar(&expires, "expires", 0, "how long it works, such as 720h; without, until revoked")
	return cmd
}

func tokenListCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List all tokens, without their secrets",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			table := tabwriter.NewWriter(w.Out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "ID\tSECRET\tSCOPES\tSTATE\tLAST USED\tNAME")
			for page := (app.Page{Limit: 200}); ; {
				tokens, next, err := in.app.Tokens(cmd.Context(), operator, "", page)
				if err != nil {
					return err
				}
				for _, t := range tokens {
					fmt.Fprintf(table, "%s\t%s…\t%s\t%s\t%s\t%s\n", t.ID, t.Prefix, scopesOf(t), tokenState(t), lastUse(t), t.Name)
				}
				if next == "" {
					return table.Flush()
				}
				page.After = next
			}
		},
	}
}

// scopesOf gives the scopes of a token by the short names where they have one.
func scopesOf(t agenda.Token) string {
	for _, name := range []string{"read", "write"} {
		if slices.Equal(t.Scopes, agenda.ReadScopes([]string{name}, t.EventID == "")) {
			return name
		}
	}
	names := make([]string, len(t.Scopes))
	for i, scope := range t.Scopes {
		names[i] = string(scope)
	}
	return strings.Join(names, ",")
}

func tokenState(t agenda.Token) string {
	switch {
	case t.Revoked != nil:
		return "revoked"
	case !t.Works(time.Now()):
		return "expired"
	}
	return "works"
}

func lastUse(t agenda.Token) string {
	if t.LastUsed == nil {
		return "never"
	}
	return t.LastUsed.UTC().Format("2006-01-02 15:04 UTC")
}

func tokenRevokeCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID",
		Short: "End a token for good",
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			if err := in.app.RevokeToken(cmd.Context(), operator, "", agenda.ID(args[0])); err != nil {
				return err
			}
			_, err = fmt.Fprintln(w.Out, "The token opens nothing any more.")
			return err
		},
	}
}
