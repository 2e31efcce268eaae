#include "channels/siren/broker/broker_config.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace broadcaster::channels::siren {
namespace {

const std::string& checked(const std::string& id) {
  if (!valid_id(id)) throw std::logic_error("not an id for an access list: " + id);
  return id;
}

std::string line(const char* right, const std::string& topic) { return fmt::format("topic {} {}\n", right, topic); }

}  // namespace

std::string broker_config(const BrokerOptions& options) {
  std::string out;
  if (options.user == BrokerOptions::User::root) out += "user root\n";
  out += "persistence true\n";
  out += fmt::format("persistence_location {}/\n", options.files.data);
  out += "autosave_interval 60\n";
  out += "max_queued_messages 0\n";
  out += "max_inflight_messages 1000\n";
  out += "set_tcp_nodelay true\n";
  out += "log_dest stderr\n";
  out += "log_type error\nlog_type warning\nlog_type notice\n";
  out += fmt::format("listener {} {}\n", options.port, options.address);
  out += "allow_anonymous false\n";
  out += "require_certificate true\n";
  out += "use_identity_as_username true\n";
  out += "tls_version tlsv1.2\n";
  out += fmt::format("cafile {}\n", options.files.ca);
  out += fmt::format("certfile {}\n", options.files.certificate);
  out += fmt::format("keyfile {}\n", options.files.key);
  out += fmt::format("acl_file {}\n", options.files.access_list);
  return out;
}

std::string access_list(const std::string& site, const std::vector<ControllerAccess>& controllers,
                        const std::vector<SirenAccess>& sirens) {
  checked(site);
  std::string out = "# Who may write and read what; the user is the certificate's common name.\n";
  for (const auto& [controller, mode] : controllers) {
    out += fmt::format("\nuser {}\n", checked(controller));
    out += line("write", command_topic(site, mode, "+"));
    out += line("write", group_topic(site, mode, "+"));
    for (const auto subject : {Subject::ack, Subject::event, Subject::state, Subject::heartbeat, Subject::online})
      out += line("read", siren_topic(site, "+", subject));
  }
  for (const auto& siren : sirens) {
    out += fmt::format("\nuser {}\n", checked(siren.siren));
    out += line("read", command_topic(site, siren.mode, siren.siren));
    for (const auto& group : siren.groups) out += line("read", group_topic(site, siren.mode, checked(group)));
    for (const auto subject : {Subject::ack, Subject::event, Subject::state, Subject::heartbeat, Subject::online})
      out += line("write", siren_topic(site, siren.siren, subject));
  }
  return out;
}

}  // namespace broadcaster::channels::siren
