#include "broadcaster/net/child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "broadcaster/base/files.hpp"
#include "broadcaster/net/ports.hpp"
#include "tests/net/bench.hpp"

namespace broadcaster::net {
namespace {

struct Heard {
  std::vector<std::string> lines;
  std::optional<ChildExit> exit;
};

class Children : public testing::Test {
 protected:
  ChildOptions shell(const std::string& script) {
    ChildOptions options;
    options.argv = {"sh", "-c", script};
    options.on_line = [this](std::string line) { run.lines.push_back(std::move(line)); };
    options.on_exit = [this](ChildExit e) { run.exit = e; };
    return options;
  }
  bool ends() {
    return run_until(*loop, [&] { return run.exit.has_value(); });
  }
  std::unique_ptr<Loop> loop = Loop::create();
  Heard run;
};

TEST_F(Children, SayLinesAndAStatus) {
  const auto child = Child::start(*loop, shell("echo one; echo two >&2; printf three; exit 7"));
  ASSERT_TRUE(child);
  ASSERT_TRUE(ends());
  EXPECT_EQ(run.lines, (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(run.exit->status, 7);
  EXPECT_EQ(run.exit->signal, 0);
  EXPECT_FALSE((*child)->running());
}

TEST_F(Children, GetTheirFolderAndEnvironment) {
  auto options = shell("pwd; echo $GREETING; echo $HOME");
  options.folder = "/";
  options.environment = {{"GREETING", "halo"}, {"HOME", "/nowhere"}};
  const auto child = Child::start(*loop, std::move(options));
  ASSERT_TRUE(child);
  ASSERT_TRUE(ends());
  EXPECT_EQ(run.lines, (std::vector<std::string>{"/", "halo", "/nowhere"}));
}

TEST_F(Children, InheritNothingButTheThreeDescriptors) {
  int leak[2];
  ASSERT_EQ(::pipe(leak), 0);  // without close-on-exec, as a careless library opens it
  const auto child = Child::start(*loop, shell("for f in /proc/self/fd/*; do echo ${f##*/}; done"));
  ASSERT_TRUE(child);
  ASSERT_TRUE(ends());
  // The shell's own listing needs one more while it reads the folder.
  for (const auto& line : run.lines) EXPECT_LE(std::stoi(line), 3) << line;
  ::close(leak[0]);
  ::close(leak[1]);
}

TEST_F(Children, AreGivenTheirInputOnce) {
  auto options = shell("cat; echo end");
  options.input = ChildOptions::Input::given;
  const auto child = Child::start(*loop, std::move(options));
  ASSERT_TRUE(child);
  EXPECT_TRUE((*child)->give("one\n"));
  EXPECT_FALSE((*child)->give("two\n"));
  ASSERT_TRUE(ends());
  EXPECT_EQ(run.lines, (std::vector<std::string>{"one", "end"}));
}

TEST_F(Children, WhoHasEndedReadsNothing) {
  auto options = shell("exit 0");
  options.input = ChildOptions::Input::given;
  const auto child = Child::start(*loop, std::move(options));
  ASSERT_TRUE(child);
  ASSERT_TRUE(ends());
  EXPECT_FALSE((*child)->give("one\n"));
}

TEST_F(Children, WriteToAFile) {
  const auto file = testing::TempDir() + "net-child-" + std::to_string(::getpid()) + ".log";
  auto options = shell("echo kept");
  options.output = file;
  const auto child = Child::start(*loop, std::move(options));
  ASSERT_TRUE(child);
  ASSERT_TRUE(ends());
  EXPECT_EQ(base::read_file(file).value(), "kept\n");
  std::filesystem::remove(file);
}

TEST_F(Children, AreAskedToEndAndThenKilled) {
  const auto polite = Child::start(*loop, shell("echo ready; exec sleep 60"));
  ASSERT_TRUE(run_until(*loop, [&] { return !run.lines.empty(); }));
  (*polite)->terminate(seconds{20});
  ASSERT_TRUE(ends());
  EXPECT_EQ(run.exit->signal, SIGTERM);

  run = {};
  const auto deaf = Child::start(*loop, shell("trap '' TERM; echo ready; while :; do sleep 60; done"));
  ASSERT_TRUE(run_until(*loop, [&] { return !run.lines.empty(); }));
  (*deaf)->terminate(milliseconds{50});
  ASSERT_TRUE(ends());
  EXPECT_EQ(run.exit->signal, SIGKILL);
}

TEST_F(Children, DieWithTheirOwnerAndTakeTheirGroupAlong) {
  auto child = Child::start(*loop, shell("sleep 60 & echo $!; wait"));
  ASSERT_TRUE(run_until(*loop, [&] { return !run.lines.empty(); }));
  const pid_t parent = (*child)->pid(), grandchild = std::stoi(run.lines[0]);
  child->reset();
  EXPECT_EQ(::kill(parent, 0), -1);
  EXPECT_FALSE(run.exit);
  EXPECT_TRUE(run_until(*loop, [&] {
    const auto status = base::read_file("/proc/" + std::to_string(grandchild) + "/stat");
    return !status || status->find(") Z ") != std::string::npos;
  }));
}

TEST_F(Children, MayBeDestroyedByTheirOwnEnd) {
  std::unique_ptr<Child> child;
  auto options = shell("exit 0");
  bool ended = false;
  options.on_exit = [&](ChildExit) {
    child.reset();
    ended = true;
  };
  child = Child::start(*loop, std::move(options)).value();
  EXPECT_TRUE(run_until(*loop, [&] { return ended; }));
}

TEST_F(Children, AProgramThatDoesNotExistIsAnError) {
  ChildOptions options;
  options.argv = {"/nowhere/program"};
  const auto child = Child::start(*loop, std::move(options));
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().text.id, "net.cannot_start");
}

TEST(Ports, AFreePortCanBeTaken) {
  const auto loop = Loop::create();
  const auto port = free_port();
  ASSERT_TRUE(port);
  EXPECT_GT(*port, 0);
  EXPECT_TRUE(HttpServer::listen(*loop, "127.0.0.1", *port, [](ServerRequest, Responder) {}));
}

}  // namespace
}  // namespace broadcaster::net
