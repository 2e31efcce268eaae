#include "tests/bench/bare_loop.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

namespace broadcaster::bench {
namespace {

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

class Loop {
 public:
  Loop(const net::HttpRequest& request, int in_flight) : multi_(curl_multi_init()) {
    for (const auto& [name, value] : request.headers)
      headers_ = curl_slist_append(headers_, (name + ": " + value).c_str());
    // As the product's client: no waiting for "100 Continue".
    headers_ = curl_slist_append(headers_, "Expect:");
    for (int i = 0; i < in_flight; ++i) easies_.push_back(make(request));
  }
  ~Loop() {
    for (auto* easy : easies_) {
      curl_multi_remove_handle(multi_, easy);
      curl_easy_cleanup(easy);
    }
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run(int requests) {
    int started = 0, done = 0;
    for (auto* easy : easies_)
      if (started < requests) {
        curl_multi_add_handle(multi_, easy);
        ++started;
      }
    while (done < requests) {
      int running = 0;
      if (curl_multi_perform(multi_, &running) != CURLM_OK) throw std::runtime_error("the bare loop has failed");
      int left = 0;
      while (const auto* message = curl_multi_info_read(multi_, &left)) {
        auto* easy = message->easy_handle;
        check(*message);
        ++done;
        curl_multi_remove_handle(multi_, easy);
        if (started == requests) continue;
        curl_multi_add_handle(multi_, easy);
        ++started;
      }
      if (done < requests) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
  }

 private:
  CURL* make(const net::HttpRequest& request) {
    auto* easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "broadcaster");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request.body.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &drop);
    return easy;
  }

  static void check(const CURLMsg& message) {
    long status = 0;
    curl_easy_getinfo(message.easy_handle, CURLINFO_RESPONSE_CODE, &status);
    if (message.data.result != CURLE_OK || status != 202)
      throw std::runtime_error(fmt::format("the bare loop was answered with {}", status));
  }

  CURLM* multi_;
  curl_slist* headers_ = nullptr;
  std::vector<CURL*> easies_;
};

}  // namespace

Fanned bare_loop(const net::HttpRequest& request, int requests, int in_flight) {
  Loop loop(request, in_flight);
  const auto cpu = cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  loop.run(requests);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return {requests / took.count(), (cpu_seconds() - cpu) * 1e6 / requests};
}

double h2load(const net::HttpRequest& request, int requests, int in_flight, const std::string& body_file) {
  std::ofstream(body_file, std::ios::binary) << request.body;
  std::string command = fmt::format("h2load --h1 -t 1 -c {} -n {} -d '{}'", in_flight, requests, body_file);
  for (const auto& [name, value] : request.headers) command += fmt::format(" -H '{}: {}'", name, value);
  command += " '" + request.url + "' 2>&1";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  char line[512];
  double rate = 0;
  while (pipe && std::fgets(line, sizeof line, pipe.get()) != nullptr)
    std::sscanf(line, "finished in %*[^,], %lf req/s", &rate);
  if (rate <= 0) throw std::runtime_error("h2load has said nothing");
  return rate;
}

}  // namespace broadcaster::bench
