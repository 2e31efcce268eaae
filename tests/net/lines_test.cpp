// The control socket: the blocking client speaks from a thread of its own, as a command does.
#include "broadcaster/net/lines.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "tests/net/bench.hpp"

namespace broadcaster::net {
namespace {

class Lines : public testing::Test {
 protected:
  void SetUp() override {
    auto listening = LineServer::listen(*loop, path,
                                        {.on_line =
                                             [this](ConnectionId id, const Peer& peer, std::string line) {
                                               peers.push_back(peer);
                                               on_line(id, std::move(line));
                                             },
                                         .on_closed = [this](ConnectionId) { ++closed; }});
    ASSERT_TRUE(listening);
    server = std::move(*listening);
  }

  /// Runs `talk` on a thread beside the loop, until it returns.
  void beside(const std::function<void()>& talk) {
    std::atomic<bool> over = false;
    std::thread other([&] {
      talk();
      over = true;
    });
    EXPECT_TRUE(run_until(*loop, [&] { return over.load(); }, seconds{90}));
    other.join();
  }

  const std::string path = testing::TempDir() + "net-lines-" + std::to_string(::getpid()) + ".sock";
  std::unique_ptr<Loop> loop = Loop::create();
  std::vector<Peer> peers;
  int closed = 0;
  std::function<void(ConnectionId, std::string)> on_line = [this](ConnectionId id, std::string line) {
    server->send(id, "echo " + line);
  };
  std::unique_ptr<LineServer> server;
};

TEST_F(Lines, EachLineIsAMessageAndTheServerKnowsWhoSpeaks) {
  beside([&] {
    auto client = LineClient::connect(path).value();
    EXPECT_TRUE(client.send("one"));
    EXPECT_TRUE(client.send("two\nthree"));
    EXPECT_TRUE(client.send(""));
    for (const std::string expected : {"echo one", "echo two", "echo three", "echo "})
      EXPECT_EQ(client.receive(seconds{10}).value(), expected);
  });
  ASSERT_EQ(peers.size(), 4u);
  EXPECT_EQ(peers[0].user, ::getuid());
  EXPECT_EQ(peers[0].process, ::getpid());
  EXPECT_TRUE(run_until(*loop, [&] { return closed == 1; }));
}

TEST_F(Lines, APlanOfManyMegabytesTravelsBothWays) {
  const std::string plan(16u << 20, 'p');
  beside([&] {
    auto client = LineClient::connect(path).value();
    EXPECT_TRUE(client.send(plan));
    const auto answer = client.receive(seconds{80}).value();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->size(), plan.size() + 5);
  });
}

TEST_F(Lines, ALineLongerThanAllowedEndsTheConnection) {
  on_line = [](ConnectionId, std::string) { ADD_FAILURE(); };
  beside([&] {
    auto client = LineClient::connect(path).value();
    (void)client.send(std::string(max_line + 1'000'000, 'x'));
    EXPECT_FALSE(client.receive(seconds{80}));
  });
  EXPECT_EQ(closed, 1);
}

TEST_F(Lines, ReceiveGivesUpAfterItsTime) {
  on_line = [](ConnectionId, std::string) {};
  beside([&] {
    auto client = LineClient::connect(path).value();
    EXPECT_EQ(client.receive(milliseconds{20}).value(), std::nullopt);
  });
}

TEST_F(Lines, ClosingComesAfterWhatWasSaid) {
  on_line = [this](ConnectionId id, std::string) {
    server->send(id, std::string(1'000'000, 'x'));
    server->send(id, "bye");
    server->close(id);
    server->send(id, "not any more");
  };
  beside([&] {
    auto client = LineClient::connect(path).value();
    EXPECT_TRUE(client.send("go"));
    EXPECT_EQ(client.receive(seconds{10}).value()->size(), 1'000'000u);
    EXPECT_EQ(client.receive(seconds{10}).value(), "bye");
    const auto end = client.receive(seconds{10});
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().text.id, "net.owner_gone");
  });
  EXPECT_EQ(closed, 1);
}

TEST_F(Lines, TheSocketIsItsOwnersAloneAndGoesWithTheServer) {
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
  const auto nobody = LineClient::connect(path);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().text.id, "net.no_owner");
}

TEST_F(Lines, ASocketLeftBehindByACrashIsReplaced) {
  const std::string old = path + ".old";
  {
    const auto first =
        LineServer::listen(*loop, old, {.on_line = [](ConnectionId, const Peer&, std::string) {}, .on_closed = {}});
    ASSERT_TRUE(first);
    std::filesystem::rename(old, old + ".kept");  // what a killed owner leaves: a socket that nobody listens on
  }
  std::filesystem::rename(old + ".kept", old);
  EXPECT_EQ(LineClient::connect(old).error().text.id, "net.no_owner");
  EXPECT_TRUE(
      LineServer::listen(*loop, old, {.on_line = [](ConnectionId, const Peer&, std::string) {}, .on_closed = {}}));
}

TEST_F(Lines, APathLongerThanASocketsNameIsAnError) {
  const auto result = LineServer::listen(*loop, "/tmp/" + std::string(200, 'x'), {.on_line = {}, .on_closed = {}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text.id, "net.cannot_listen");
}

TEST_F(Lines, TheServerMayGoInsideAHandler) {
  on_line = [this](ConnectionId, std::string) { server.reset(); };
  beside([&] {
    auto client = LineClient::connect(path).value();
    EXPECT_TRUE(client.send("one\ntwo\nthree"));
    EXPECT_FALSE(client.receive(seconds{10}));
  });
  EXPECT_EQ(peers.size(), 1u);
  EXPECT_EQ(closed, 0);
}

}  // namespace
}  // namespace broadcaster::net
