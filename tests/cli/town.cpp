#include "tests/cli/town.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/files.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::cli {
namespace fs = std::filesystem;
namespace {

constexpr auto passphrase = "kata sandi panjang";

constexpr auto endpoints = R"(endpoints:
  - {name: mastodon-drill, channel: mastodon, mode: drill, url: "http://127.0.0.1:9/mastodon", token: "env:TOKEN"}
  - {name: mastodon-live, channel: mastodon, mode: live, url: "http://127.0.0.1:9/mastodon", token: "env:TOKEN"}
)";

struct Officer {
  const char* id;
  const char* roles;
};
constexpr Officer officers[] = {{"sari", "[author, canceller]"},
                                {"bayu", "[author, approver]"},
                                {"ratna", "[approver, canceller]"},
                                {"hendra", "[approver]"}};

std::string new_folder() {
  char path[] = "/tmp/broadcaster-town-XXXXXX";
  if (!::mkdtemp(path)) throw std::runtime_error("no temporary folder");
  return path;
}

}  // namespace

Town::Town() : folder_(new_folder()) {
  const fs::path source = places::source("");
  fs::copy(source / "config", folder_ / "config", fs::copy_options::recursive);
  fs::copy(source / "templates", folder_ / "templates", fs::copy_options::recursive);
  fs::remove(folder_ / "config/duty.yaml");  // of the officers and gateways that are replaced here
  write("config/endpoints.yaml", endpoints);
  write("passphrase", std::string(passphrase) + "\n");
  std::string people = "people:\n";
  for (const auto& officer : officers) {
    const auto file = approval::new_key(officer.id, passphrase, {.ops = 1, .memory_kib = 64});
    if (!file || !approval::write_key_file(key(officer.id), *file)) throw std::runtime_error("no key");
    people += std::string("  - {id: ") + officer.id + ", name: Officer " + officer.id + ", roles: " + officer.roles +
              ", keys: [{public: \"" + base::base64(file->public_key) + "\"}]}\n";
  }
  write("config/people.yaml", people + "quorum: {Actual: 2, Exercise: 1, Test: 1, System: 1}\n");
}

Town::~Town() { fs::remove_all(folder_); }

std::string Town::read(const std::string& name) const { return base::read_file(folder_ / name).value_or(""); }

void Town::write(const std::string& name, const std::string& text) const {
  if (!base::write_file(folder_ / name, text)) throw std::runtime_error("cannot write " + name);
}

void Town::replace(const std::string& name, const std::string& from, const std::string& to) const {
  auto text = read(name);
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << name << " does not hold " << from;
  write(name, text.replace(at, from.size(), to));
}

Call Town::call(std::vector<std::string> arguments, std::string input) const {
  arguments.insert(arguments.end(), {"--lang", "en", "--config", "config", "--state", "state"});
  return {.arguments = std::move(arguments),
          .input = std::move(input),
          .environment = {{"BROADCASTER_PASSPHRASE_FILE", path("passphrase")}, {"TOKEN", "a-secret-token"}},
          .folder = folder_.string()};
}

Ended Town::run(std::vector<std::string> arguments, std::string input) const {
  return cli::run(call(std::move(arguments), std::move(input)));
}

void Town::make_plan(const std::string& mode) const {
  const std::string alert =
      mode == "live" ? "config/alerts/tsunami-coast-live.yaml" : "config/alerts/tsunami-coast.yaml";
  const auto made = run({"plan", alert, "-o", mode + ".plan", "--key", key("sari")});
  ASSERT_EQ(made.status, 0) << made.err;
}

void Town::sign_config() const {
  const auto standing = [&] { return boost::json::parse(run({"config", "status", "--json"}).out).as_object(); };
  const auto before = standing();
  const auto* number = before.if_contains("number");
  const auto words = "SIGN " + std::to_string((number ? number->as_int64() : 0) + 1);
  for (const auto* person : {"bayu", "ratna", "hendra"}) {
    if (standing().at("state").as_string() == "in_force") return;
    const auto made = run({"config", "sign", "--key", key(person), "--confirm", words});
    ASSERT_EQ(made.status, 0) << made.err << made.out;
  }
  FAIL() << "three approvers are no quorum";
}

void Town::approve(const std::string& person, const std::string& mode) const {
  const auto approved = mode == "live" ? run({"approve", "live.plan", "--key", key(person)}, "LIVE tsunami 4\n")
                                       : run({"approve", "drill.plan", "--key", key(person), "--yes"});
  ASSERT_EQ(approved.status, 0) << approved.err;
}

}  // namespace broadcaster::cli
