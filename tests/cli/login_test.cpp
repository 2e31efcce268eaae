// What a machine can tell of a login, and which of it counts.
#include "broadcaster/cli/login.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace broadcaster::cli {
namespace {

const LoginFacts all{.machine = "eoc-1",
                     .boot = "1a2b3c4d-0000",
                     .audit = "12",
                     .logind = "5",
                     .leader = "4711 since 83012",
                     .terminal = "pts/3"};

TEST(Login, TheKernelsOwnSessionCountsFirst) {
  EXPECT_EQ(login_of(all), (approval::Login{"eoc-1", "audit 12, boot 1a2b3c4d", "pts/3"}));
}

TEST(Login, ThenLogindsThenTheTerminals) {
  auto facts = all;
  facts.audit = "4294967295";  // as the kernel says "none"
  EXPECT_EQ(login_of(facts).session, "logind 5, boot 1a2b3c4d");
  facts.audit = facts.logind = "";
  EXPECT_EQ(login_of(facts).session, "leader 4711 since 83012, boot 1a2b3c4d");
  facts.leader = "";
  EXPECT_EQ(login_of(facts).session, "?");
}

TEST(Login, StaysTheSameAsLongAsTheProcess) { EXPECT_EQ(this_login(), this_login()); }

/// In a child: a container may have started this one in a session whose leader cannot be seen from inside.
TEST(Login, WhoeverLeadsASessionHasOne) {
  const auto child = ::fork();
  if (child == 0) ::_exit(::setsid() > 0 && this_login().session != "?" ? 0 : 1);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace broadcaster::cli
