// The ways that pages go over, opened: SMS by a Kannel gateway, push by ntfy, mail by SMTP.
//
// Only ways of this mode are opened, by type: a drill process reads no credential of a live way and has no function
// that takes one. What a way answers is told as it is; that it took a page proves nothing but that. Thread rule: loop
// thread; mail is sent by a thread of its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/net/http.hpp"
#include "broadcaster/net/workers.hpp"
#include "broadcaster/service/paging/duty.hpp"
#include "broadcaster/service/paging/page_message.hpp"

namespace broadcaster::service {

/// A way whose secrets have been read, and whom it reaches by it.
struct OpenWay {
  PageWay way;
  std::string password, token;            ///< in clear
  std::map<std::string, std::string> to;  ///< by person: number, topic, address
};

/// The requests themselves, for tests and for PageWays.
net::HttpRequest sms_request(const OpenWay& way, const std::string& to, const PageMessage& message);
net::HttpRequest ntfy_request(const OpenWay& way, const std::string& to, const PageMessage& message);
/// Why it was not taken, for the record; nullopt: it was taken.
std::optional<std::string> sms_failure(const net::HttpResult& result);
std::optional<std::string> ntfy_failure(const net::HttpResult& result);

template <alert::Mode M>
class PageWays {
 public:
  struct LeftOut {
    std::string way;
    std::string person;  ///< empty: the way itself
    base::Error why;
  };

  PageWays(net::Loop& loop, net::HttpClient& http, const base::Clock& clock);
  ~PageWays();

  /// Opens the ways of mode M. One whose secret cannot be read is left out, and named.
  std::vector<LeftOut> open(const Duty& duty, const std::string& config_folder);
  std::size_t size() const { return ways_.size(); }
  bool reaches(std::string_view person) const;

  /// One answer a way of this person; `why` nullopt: the way took it. None is called when nothing reaches the person.
  using Answer = std::function<void(const std::string& way, const std::optional<std::string>& why)>;
  /// How many answers will come.
  int send(const std::string& person, const PageMessage& message, Answer answer);

 private:
  void send(const OpenWay& way, const std::string& to, const PageMessage& message, Answer answer);
  void mail(const OpenWay& way, const std::string& to, const PageMessage& message, Answer answer);

  net::Loop& loop_;
  net::HttpClient& http_;
  const base::Clock& clock_;
  net::Workers mailing_;
  std::string config_folder_;
  std::vector<OpenWay> ways_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
