#include "scan/text_source.h"

#include "scan/worker.h"

namespace stanch::scan {
namespace {

class TextTask : public Task {
  public:
    TextTask(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}
    ~TextTask() override { wipe(text_); }
    TextTask(const TextTask&) = delete;
    TextTask& operator=(const TextTask&) = delete;
    void run(Worker& worker, Outcome& outcome) override {
        worker.look_at({name_, name_}, text_, outcome);
    }

  private:
    std::string name_;
    std::string text_;
};

class TextSource : public Source {
  public:
    TextSource(std::string name, std::string text)
        : task_(std::make_unique<TextTask>(std::move(name), std::move(text))) {}
    Result<std::unique_ptr<Task>> next() override { return std::move(task_); }

  private:
    std::unique_ptr<Task> task_;
};

} // namespace

std::unique_ptr<Source> text_source(std::string name, std::string text) {
    return std::make_unique<TextSource>(std::move(name), std::move(text));
}

} // namespace stanch::scan
