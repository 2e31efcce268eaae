#include "broadcaster/drill/overlay.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "broadcaster/approval/key_file.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/yaml.hpp"
#include "broadcaster/drill/overlay_duty.hpp"
#include "broadcaster/net/ports.hpp"
#include "channels/siren/broker/broker_config.hpp"
#include "channels/siren/broker/certificates.hpp"

namespace broadcaster::drill {
namespace fs = std::filesystem;
namespace {

/// Writes a YAML value back: quoted where it was, or where plain would mean something else.
void emit(const base::Node& node, int indent, std::string& out) {
  const std::string pad(static_cast<std::size_t>(indent), ' ');
  switch (node.kind) {
    case base::Node::Kind::nothing:
      out += "\n";
      return;
    case base::Node::Kind::scalar: {
      if (!node.quoted) {
        out += " " + node.scalar + "\n";
        return;
      }
      out += " \"";
      for (char c : node.scalar) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
      out += "\"\n";
      return;
    }
    case base::Node::Kind::list:
      out += "\n";
      for (const auto& item : node.items) {
        out += pad + "-";
        emit(item, indent + 2, out);
      }
      return;
    case base::Node::Kind::map:
      out += "\n";
      for (const auto& entry : node.entries) {
        out += pad + entry.key + ":";
        emit(entry.value, indent + 2, out);
      }
      return;
  }
}

base::Node text_node(std::string text) {
  base::Node node;
  node.kind = base::Node::Kind::scalar;
  node.quoted = true;
  node.scalar = std::move(text);
  return node;
}

void set(base::Node& map, std::string_view key, std::string text) {
  for (auto& entry : map.entries)
    if (entry.key == key) {
      entry.value = text_node(std::move(text));
      return;
    }
  base::Node::Entry entry;
  entry.key = key;
  entry.value = text_node(std::move(text));
  map.entries.push_back(std::move(entry));
}

std::string scalar(const base::Node& map, std::string_view key) {
  const auto* value = map.find(key);
  return value ? value->scalar : std::string();
}

/// Files that are written one after the other; the first failure stops.
class Writer {
 public:
  void write(const fs::path& path, const std::string& content, base::FileMode mode = base::FileMode::shared) {
    if (failed_) return;
    if (auto written = base::write_file(path, content, mode); !written) failed_ = written.error();
  }
  void copy(const fs::path& from, const fs::path& to) {
    if (failed_) return;
    std::error_code error;
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
    if (error)
      failed_ = base::Error{base::ErrorKind::unavailable,
                            {"base.cannot_write", {{"file", to.string()}, {"reason", error.message()}}},
                            {},
                            {}};
  }
  void credential(const fs::path& folder, const std::string& name,
                  const base::Result<channels::siren::Credential>& credential) {
    if (failed_) return;
    if (!credential) {
      failed_ = credential.error();
      return;
    }
    write(folder / (name + ".pem"), credential->certificate);
    write(folder / (name + ".key"), credential->key, base::FileMode::secret);
  }
  const std::optional<base::Error>& failed() const { return failed_; }

 private:
  std::optional<base::Error> failed_;
};

std::string random_word(std::size_t bytes) { return base::hex(base::random_bytes(bytes)); }

/// An Ed25519 seed in base64 and its public key in base64.
struct CommandKey {
  std::string seed, public_key;
};
CommandKey make_command_key() {
  const auto seed = base::random_bytes(crypto_sign_SEEDBYTES);
  base::Bytes public_key(crypto_sign_PUBLICKEYBYTES), secret(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(public_key.data(), secret.data(), seed.data());
  return {base::base64(seed), base::base64(public_key)};
}

void write_broker_files(const service::Config& config, const Overlay& overlay, Writer& writer) {
  using namespace channels::siren;
  const auto& pki = overlay.folders.secrets;
  const auto now = base::SystemClock().now().wall;
  const std::chrono::days valid(2);
  const auto authority = make_authority("broadcaster drill", now, valid);
  writer.credential(pki, "ca", authority);
  if (writer.failed()) return;
  writer.credential(pki, "broker", issue(*authority, "localhost", Purpose::server, now, valid));
  writer.credential(pki, "controller", issue(*authority, overlay.controller, Purpose::client, now, valid));
  std::vector<SirenAccess> access;
  for (const auto& siren : config.sirens) {
    writer.credential(pki, siren.id.value, issue(*authority, siren.id.value, Purpose::client, now, valid));
    access.push_back({siren.id.value, Mode::drill, {siren.zone.value}});
  }
  BrokerOptions options;
  options.port = overlay.ports.broker;
  options.files = {.ca = (pki / "ca.pem").string(),
                   .certificate = (pki / "broker.pem").string(),
                   .key = (pki / "broker.key").string(),
                   .access_list = (overlay.folders.peers / "broker.acl").string(),
                   .data = (overlay.folders.peers / "broker").string()};
  options.user = ::geteuid() == 0 ? BrokerOptions::User::root : BrokerOptions::User::mosquitto;
  writer.write(overlay.folders.peers / "broker.conf", broker_config(options));
  writer.write(overlay.folders.peers / "broker.acl",
               access_list(overlay.site, {{overlay.controller, Mode::drill}}, access));
}

/// Kannel as an operator's customer would run it: receipts kept on disk, so that a restart loses none.
void write_gateway_file(const Overlay& o, Writer& writer) {
  writer.write(
      o.folders.peers / "kannel.conf",
      fmt::format("group = core\nadmin-port = {admin}\nadmin-interface = 127.0.0.1\nadmin-password = {password}\n"
                  "smsbox-port = {box}\nsmsbox-interface = 127.0.0.1\nbox-allow-ip = \"127.0.0.1\"\n"
                  "store-type = spool\nstore-location = \"{store}\"\ndlr-storage = spool\ndlr-spool = \"{receipts}\"\n"
                  "sms-resend-freq = 1\n\n"
                  "group = smsc\nsmsc = smpp\nsmsc-id = OPERATOR\nhost = 127.0.0.1\nport = {smsc}\n"
                  "transceiver-mode = true\nsmsc-username = {user}\nsmsc-password = {smpp}\nsystem-type = \"\"\n"
                  "enquire-link-interval = 5\nreconnect-delay = 1\nthroughput = 500\nmax-pending-submits = 50\n\n"
                  "group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {http}\nsendsms-interface = 127.0.0.1\n"
                  "http-request-retry = 10\nhttp-queue-delay = 1\n\n"
                  "group = sendsms-user\nusername = {gateway_user}\npassword = {gateway_password}\n"
                  "concatenation = true\nmax-messages = 10\n\n"
                  "group = sms-service\nkeyword = default\ntext = \"\"\nmax-messages = 0\n",
                  fmt::arg("admin", o.ports.kannel_admin), fmt::arg("password", random_word(8)),
                  fmt::arg("box", o.ports.kannel_box), fmt::arg("store", (o.folders.peers / "kannel").string()),
                  fmt::arg("receipts", (o.folders.peers / "receipts").string()), fmt::arg("smsc", o.ports.smsc),
                  fmt::arg("user", o.operator_user), fmt::arg("smpp", o.operator_password),
                  fmt::arg("http", o.ports.kannel_http), fmt::arg("gateway_user", o.gateway_user),
                  fmt::arg("gateway_password", o.gateway_password)),
      base::FileMode::secret);
}

std::string loopback(unsigned short port, std::string_view path) {
  return fmt::format("http://127.0.0.1:{}{}", port, path);
}

/// Points one drill endpoint at a peer. False: no peer stands for its channel.
bool redirect(base::Node& endpoint, const Overlay& overlay, boost::json::array& accounts,
              const std::string& webhook_secret, Writer& writer) {
  const auto name = scalar(endpoint, "name");
  const auto channel = scalar(endpoint, "channel");
  const auto secret = [&](std::string_view key, const std::string& value) {
    const auto file = overlay.folders.secrets / (name + "." + std::string(key));
    writer.write(file, value, base::FileMode::secret);
    set(endpoint, key, "file:" + file.string());
  };
  if (channel == "mastodon") {
    const auto token = random_word(16);
    accounts.push_back(boost::json::object{{"name", name}, {"token", token}});
    set(endpoint, "url", loopback(overlay.ports.range, "/mastodon"));
    secret("token", token);
  } else if (channel == "webhook") {
    set(endpoint, "url", loopback(overlay.ports.range, "/webhook/" + name));
    secret("secret", webhook_secret);
  } else if (channel == "sms") {
    set(endpoint, "url", loopback(overlay.ports.kannel_http, ""));
    set(endpoint, "username", overlay.gateway_user);
    secret("password", overlay.gateway_password);
  } else if (channel == "siren") {
    const auto& pki = overlay.folders.secrets;
    set(endpoint, "broker", fmt::format("127.0.0.1:{}", overlay.ports.broker));
    set(endpoint, "ca", (pki / "ca.pem").string());
    set(endpoint, "certificate", (pki / "controller.pem").string());
    set(endpoint, "key", (pki / "controller.key").string());
    set(endpoint, "site", overlay.site);
    set(endpoint, "controller", overlay.controller);
    set(endpoint, "signing_key", "file:" + (pki / "command.seed").string());
  } else {
    return false;
  }
  return true;
}

base::Result<void> write_endpoints(const service::Config& config, Overlay& overlay, const std::string& language,
                                   Writer& writer) {
  auto file = base::read_yaml(config.folder / "endpoints.yaml");
  if (!file) return std::unexpected(file.error().front());
  const auto webhook_secret = "whsec_" + base::base64(base::random_bytes(32));
  boost::json::array accounts;
  base::Node list;
  list.kind = base::Node::Kind::list;
  for (const auto& item : file->find("endpoints")->items) {
    if (scalar(item, "mode") != "drill") continue;
    base::Node endpoint = item;
    if (!redirect(endpoint, overlay, accounts, webhook_secret, writer))
      return base::fail(base::ErrorKind::bad_input,
                        {"drill.no_peer", {{"endpoint", scalar(item, "name")}, {"channel", scalar(item, "channel")}}});
    list.items.push_back(std::move(endpoint));
  }
  std::string text = "endpoints:";
  emit(list, 2, text);
  writer.write(overlay.folders.config / "endpoints.yaml", text);

  overlay.range_settings = (overlay.folders.secrets / "range.json").string();
  writer.write(
      overlay.range_settings,
      boost::json::serialize(boost::json::object{
          {"accounts", std::move(accounts)},
          {"webhook_secret", webhook_secret},
          {"smsc", boost::json::object{{"system_id", overlay.operator_user}, {"password", overlay.operator_password}}},
          {"language", language}}),
      base::FileMode::secret);
  return {};
}

/// The scenario's people with keys that were made a moment ago, without passphrase: good for a drill and nothing else.
base::Result<void> write_people(const service::Config& config, const Scenario& scenario, Overlay& overlay,
                                Writer& writer) {
  std::map<std::string, std::string> keys;
  std::vector<std::string> acting = scenario.approvers;
  acting.push_back(scenario.author);
  for (const auto& person : acting) {
    auto key = approval::new_key(person, "");
    if (!key) return std::unexpected(key.error());
    const auto file = overlay.folders.secrets / (person + ".key");
    if (auto written = approval::write_key_file(file, *key); !written) return std::unexpected(written.error());
    keys[person] = base::base64(key->public_key);
    if (person == scenario.author)
      overlay.author_key = file;
    else
      overlay.approver_keys.push_back(file);
    if (scenario.alone && person == scenario.alone->by) overlay.alone_key = file;
  }
  std::string text = "people:\n";
  for (const auto& person : config.people.persons) {
    text += fmt::format("  - id: {}\n    name: \"{}\"\n    roles: [", person.id, person.name);
    for (std::size_t i = 0; i < person.roles.size(); ++i)
      text += (i ? ", " : "") + std::string(approval::name(person.roles[i]));
    text += "]\n    keys:";
    const auto key = keys.extract(person.id);
    text += key ? fmt::format("\n      - public: \"{}\"\n", key.mapped()) : std::string(" []\n");
  }
  if (!keys.empty())
    return base::fail(base::ErrorKind::bad_input, {"drill.unknown_person", {{"person", keys.begin()->first}}});
  text += "quorum:\n";
  for (const auto& [status, number] : config.people.quorum)
    text += fmt::format("  {}: {}\n", alert::name(status), number);
  writer.write(overlay.folders.config / "people.yaml", text);
  return {};
}

base::Result<void> write_duty(const service::Config& config, const ScriptedAlone& alone, Overlay& overlay,
                              Writer& writer) {
  auto files = make_duty(config, alone);
  if (!files) return std::unexpected(files.error());
  writer.write(overlay.folders.config / "duty.yaml", files->duty);
  writer.write(overlay.folders.config / "policy.yaml", files->policy);
  overlay.duty_numbers = std::move(files->numbers);
  return {};
}

}  // namespace

base::Result<Ports> take_ports() {
  Ports ports;
  for (auto* port : {&ports.range, &ports.smsc, &ports.broker, &ports.kannel_admin, &ports.kannel_box,
                     &ports.kannel_http, &ports.hooks}) {
    auto free = net::free_port();
    if (!free) return std::unexpected(free.error());
    *port = *free;
  }
  return ports;
}

base::Result<Folders> make_folders(const fs::path& root) {
  Folders folders{.root = root,
                  .config = root / "config",
                  .secrets = root / "secrets",
                  .state = root / "state",
                  .peers = root / "peers",
                  .logs = root / "logs"};
  std::error_code error;
  for (const auto& folder : {folders.config, folders.secrets, folders.state, folders.peers / "broker",
                             folders.peers / "kannel", folders.peers / "receipts", folders.logs}) {
    fs::create_directories(folder, error);
    if (error)
      return base::fail(base::ErrorKind::unavailable,
                        {"base.cannot_write", {{"file", folder.string()}, {"reason", error.message()}}});
  }
  for (const auto& folder : {folders.root, folders.secrets, folders.state, folders.peers})
    fs::permissions(folder, fs::perms::owner_all, error);
  return folders;
}

void forget_recipients(const Folders& folders) {
  std::error_code error;
  fs::remove_all(folders.config / "audiences", error);
  for (fs::recursive_directory_iterator at(folders.root, error), end; at != end; at.increment(error))
    if (at->path().filename() == "snapshots" && at->is_directory(error)) {
      at.disable_recursion_pending();
      fs::remove_all(at->path(), error);
    }
}

base::Result<Overlay> make_overlay(const service::Config& config, const Scenario& scenario, Folders folders,
                                   Ports ports, const std::string& language) {
  const auto command_key = make_command_key();
  Overlay overlay{.ports = ports,
                  .folders = std::move(folders),
                  .site = config.agency.id,
                  .controller = config.agency.id + "-drill",
                  .command_key = command_key.public_key,
                  .range_settings = {},
                  .gateway_user = "drill",
                  .gateway_password = random_word(12),
                  .operator_user = "kannel",
                  .operator_password = random_word(4),
                  .author_key = {},
                  .approver_keys = {},
                  .alone_key = {},
                  .duty_numbers = {}};
  Writer writer;
  for (const auto* name : {"agency.yaml", "zones.geojson", "sirens.yaml"})
    writer.copy(config.folder / name, overlay.folders.config / name);
  writer.copy(config.folder / "audiences", overlay.folders.config / "audiences");
  writer.write(overlay.folders.secrets / "command.seed", command_key.seed, base::FileMode::secret);
  writer.write(overlay.folders.config / "service.yaml",
               fmt::format("hooks: {{listen: \"127.0.0.1:{}\"}}\n", overlay.ports.hooks));
  write_broker_files(config, overlay, writer);
  write_gateway_file(overlay, writer);
  if (auto written = write_endpoints(config, overlay, language, writer); !written)
    return std::unexpected(written.error());
  if (auto written = write_people(config, scenario, overlay, writer); !written) return std::unexpected(written.error());
  if (scenario.alone)
    if (auto written = write_duty(config, *scenario.alone, overlay, writer); !written)
      return std::unexpected(written.error());
  if (writer.failed()) return std::unexpected(*writer.failed());
  return overlay;
}

}  // namespace broadcaster::drill
