"""The chat bots and their queue in the rights matrix: administrators of the company, nobody else."""

from .rights_subjects import CompanySubject, subject


@subject
class ChatBot(CompanySubject):
    model = "ops.chat.bot"
    values_to_write = {"name": "Another group"}

    def new_values(self, situation, role):
        return {"name": "Group", "service": "wecom", "company_id": self.company(situation, role).id}

    def record(self, situation, state, role):
        # nothing leaves the machine in a test: the answer to a test message is that the service cannot be reached
        return self.env["ops.chat.bot"].create({
            **self.new_values(situation, role), "webhook": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=test-key-1",
        })


@subject
class ChatMessage(CompanySubject):
    model = "ops.chat.message"
    values_to_write = {"text": "x"}

    def new_values(self, situation, role):
        return {"bot_id": self.bot(situation, role).id, "kind": "test"}

    def bot(self, situation, role):
        return self.env["ops.chat.bot"].create({"name": "Group", "company_id": self.company(situation, role).id})

    def record(self, situation, state, role):
        return self.env["ops.chat.message"].create({**self.new_values(situation, role), "state": "waiting"})
