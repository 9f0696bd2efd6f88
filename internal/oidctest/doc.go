// Package oidctest gives tests a real OpenID provider: a program of its own, in testdata/provider, which is zitadel's library
// with a few people in it. It is a module of its own too, so that what it needs is not what Plenary needs.
//
// Start builds and starts it for one test, on this machine only. It ends with the test process, however that ends. Three people
// can sign in:
//
//   - alice: subject "alice-0001", Alice Nguyễn, alice@example.org, which is verified, Vietnamese; in the groups "staff" and
//     "agenda-owners"
//   - bob: subject "bob-0002", Bob Martin, bob@example.org, which is not verified, French; in the group "volunteers"
//   - carol: subject "carol-0003", Carol Smith, without an address, English; in no group
//
// Groups are in the claims "groups" and "realm_access.roles". The client of [Provider] gets everything in the ID token;
// [ShortClient] has to ask the userinfo endpoint.
//
// Where the program can't be built, because its modules are not there and can't be had, the test is skipped and says so.
// PLENARY_TEST_REQUIRE_PROVIDER=1 makes that a failure. Only tests import this package.
package oidctest
