#include "tests/bench/nginx.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "broadcaster/net/ports.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view configuration = R"(daemon off;
master_process off;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 600s;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{};
    location / {{ return 202 "0: Accepted for delivery"; }}
    location = /requests {{ stub_status; }}
  }}
}}
)";

std::size_t take(char* data, std::size_t size, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

/// Empty when nobody answers.
std::string get(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), &curl_easy_cleanup);
  std::string body;
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  return curl_easy_perform(easy.get()) == CURLE_OK ? body : std::string();
}

}  // namespace

Nginx::Nginx(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto port = must(net::free_port());
  url_ = fmt::format("http://127.0.0.1:{}", port);
  std::ofstream(folder / "nginx.conf") << fmt::format(configuration, port);
  // Debian has it in /usr/sbin, which is in no ordinary user's PATH.
  const std::filesystem::path debian = "/usr/sbin/nginx";
  const auto nginx = std::filesystem::exists(debian) ? debian.string() : std::string("nginx");
  // It must not outlive us, however we end.
  process_.emplace(std::vector<std::string>{"setpriv", "--pdeathsig", "KILL", nginx, "-p", folder.string() + "/", "-c",
                                            "nginx.conf", "-e", "stderr"});
  for (int tries = 0; tries < 200; ++tries) {
    process_->check();
    ++looks_;
    if (!get(url_ + "/requests").empty()) return;
    --looks_;
    std::this_thread::sleep_for(20ms);
  }
  throw std::runtime_error("nginx does not answer");
}

std::int64_t Nginx::requests() {
  // "server accepts handled requests" and three numbers in the line below.
  const auto text = get(url_ + "/requests");
  ++looks_;
  const auto line = text.find("requests\n");
  long long accepts = 0, handled = 0, requests = 0;
  if (line == std::string::npos ||
      std::sscanf(text.c_str() + line + 9, "%lld %lld %lld", &accepts, &handled, &requests) != 3)
    throw std::runtime_error("nginx does not say what it has taken");
  return requests - looks_;
}

}  // namespace broadcaster::bench
