using System.Text.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Monitors.Intake;

public sealed class ReceivingAlertsTests
{
    private const string Disk = """{"status":"critical","host":"db-1","check":"disk","timestamp":1793527100,"app_key":"not-the-sources"}""";
    private const string Good = """{"status":"ok","host":"db-1","check":"disk"}""";
    private const string Bad = """{"status":"broken","host":"db-1"}""";

    private readonly MonitorIntake _intake = new();

    [Fact]
    public async Task An_alert_is_accepted_and_waits_as_BigPanda_takes_it()
    {
        var answer = await _intake.PostAsync(Disk);

        Assert.Equal(202, answer.Status);
        Assert.Equal("""{"accepted":1,"refused":[],"warnings":[]}""", Text(answer));
        var message = Assert.Single(_intake.Bus.Sent);
        var alert = JsonElement.Parse(message.Body.ToString());
        Assert.Equal(("critical", "db-1", 1793527100), (Member(alert, "status"), Member(alert, "host"), alert.GetProperty("timestamp").GetInt64()));
        // The source's own is added when the alert is sent.
        Assert.False(alert.TryGetProperty("app_key", out _));
    }

    [Fact]
    public async Task A_bad_alert_does_not_refuse_the_others_and_is_named()
    {
        var answer = await _intake.PostAsync($$"""{"alerts":[{{Disk}},{{Bad}},{{Good}},7]}""");

        Assert.Equal((202, 2), (answer.Status, answer.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal([(1, "status"), (3, "$")], Notes(answer, "refused"));
        Assert.Equal(["critical", "ok"], _intake.Bus.Sent.Select(message => Member(JsonElement.Parse(message.Body.ToString()), "status")));
    }

    [Fact]
    public async Task When_no_alert_is_accepted_the_answer_is_400_and_says_why_for_each()
    {
        var one = (await _intake.PostAsync(Bad)).AssertProblem(400);
        var two = (await _intake.PostAsync($$"""{"alerts":[{{Bad}},{"status":"ok"}]}""")).AssertProblem(400);

        Assert.Equal("no-alert-accepted", one.Text("code"));
        Assert.StartsWith("status is \"broken\"", one.Text("detail"), StringComparison.Ordinal);
        Assert.Equal([(0, "status"), (1, "host")], Notes(two, "refused"));
        Assert.StartsWith("None of the 2 alerts was accepted. The first: status", two.Text("detail"), StringComparison.Ordinal);
        Assert.Empty(_intake.Bus.Sent);
    }

    [Fact]
    public async Task An_alert_that_was_changed_is_accepted_with_a_warning()
    {
        var answer = await _intake.PostAsync($$"""{"status":"warning","host":"a","description":"{{new string('x', 3000)}}"}""");

        Assert.Equal(202, answer.Status);
        Assert.Equal([(0, "description")], Notes(answer, "warnings"));
    }

    [Theory]
    [InlineData("bigpanda", "[]", 422, "invalid-alerts")]
    [InlineData("bigpanda", "\"text\"", 422, "invalid-alerts")]
    [InlineData("bigpanda", """{"alerts":{}}""", 422, "invalid-alerts")]
    [InlineData("azureMonitor", """{"status":"critical","host":"a"}""", 422, "invalid-alerts")]
    [InlineData("alertmanager", """{"status":"critical","host":"a"}""", 422, "invalid-alerts")]
    [InlineData("grafana", "{}", 422, "invalid-alerts")]
    [InlineData("bigpanda", "", 400, "invalid-json")]
    [InlineData("bigpanda", "{", 400, "invalid-json")]
    [InlineData("bigpanda", "<html></html>", 400, "invalid-json")]
    public async Task A_body_that_can_never_be_accepted_is_refused_for_good(string format, string body, int status, string code)
    {
        var intake = new MonitorIntake(format);

        Assert.Equal(code, (await intake.PostAsync(body)).AssertProblem(status).Text("code"));
        Assert.Empty(intake.Bus.Sent);
    }

    /// <summary>BigPanda's Bash wrapper escapes quotes only: a Windows path in a description makes its body invalid.</summary>
    [Fact]
    public async Task A_body_that_is_not_JSON_is_refused_with_its_place()
    {
        var answer = (await _intake.PostAsync("{\n  \"status\": \"critical\",\n  \"host\": \"C:\\data\"\n}")).AssertProblem(400);

        Assert.Equal(3, answer.Json.GetProperty("line").GetInt32());
        Assert.Contains("Line 3", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("backslash", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_that_no_message_can_carry_is_refused_and_the_others_are_not()
    {
        var tags = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"tag-{i}\":\"{new string('x', 500)}\""));

        var answer = await _intake.PostAsync($$"""{"alerts":[{"status":"critical","host":"a",{{tags}}},{{Good}}]}""");

        Assert.Equal(202, answer.Status);
        Assert.Equal([(0, "$")], Notes(answer, "refused"));
        Assert.Single(_intake.Bus.Sent);
    }

    [Fact]
    public async Task A_batch_of_many_alerts_is_sent_in_several_transfers_and_in_order()
    {
        _intake.Bus.MessagesPerBatch = 7;
        var alerts = Enumerable.Range(0, 100).Select(i => $$"""{"status":"critical","host":"h-{{i % 10}}","n":{{i}}}""");

        var answer = await _intake.PostAsync($$"""{"alerts":[{{string.Join(',', alerts)}}]}""");

        Assert.Equal((202, 100), (answer.Status, answer.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal(
            Enumerable.Range(0, 100), _intake.Bus.Sent.Select(message => JsonElement.Parse(message.Body.ToString()).GetProperty("n").GetInt32()));
        Assert.Equal(10, _intake.Bus.Sent.Select(message => message.SessionId).Distinct().Count());
    }

    [Fact]
    public async Task What_is_listed_of_a_large_batch_is_bounded_and_the_counts_are_whole()
    {
        var answer = await _intake.PostAsync($$"""{"alerts":[{{Good}},{{string.Join(',', Enumerable.Repeat(Bad, 1500))}}]}""");

        Assert.Equal((202, 1, 500), (answer.Status, answer.Json.GetProperty("accepted").GetInt32(), answer.Json.GetProperty("unlisted").GetInt32()));
        Assert.Equal(1000, Notes(answer, "refused").Count);
    }

    [Fact]
    public async Task A_source_that_flattens_accepts_nested_objects()
    {
        const string nested = """{"status":"critical","host":"a","cloud":{"region":"eu"}}""";
        var flattening = new MonitorIntake(flatten: true);

        Assert.Equal("cloud", (await _intake.PostAsync(nested)).AssertProblem(400).Json.GetProperty("refused")[0].GetProperty("field").GetString());
        Assert.Equal(202, (await flattening.PostAsync(nested)).Status);
        Assert.Equal("eu", Member(JsonElement.Parse(Assert.Single(flattening.Bus.Sent).Body.ToString()), "cloud.region"));
    }

    [Fact]
    public async Task A_repeat_is_dropped_by_the_broker_where_the_alert_has_a_time()
    {
        for (var i = 0; i < 2; i++)
        {
            await _intake.PostAsync($$"""{"alerts":[{{Disk}},{{Good}}]}""");
            _intake.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(_intake.Bus.Sent[0].MessageId, _intake.Bus.Sent[2].MessageId);
        Assert.NotEqual(_intake.Bus.Sent[1].MessageId, _intake.Bus.Sent[3].MessageId);
    }

    private static string Text(IntakeResponse answer) => System.Text.Encoding.UTF8.GetString(answer.Body);

    private static string? Member(JsonElement alert, string name) => alert.GetProperty(name).GetString();

    private static List<(int, string)> Notes(IntakeResponse answer, string name) =>
    [
        .. answer.Json.GetProperty(name).EnumerateArray()
            .Select(note => (note.GetProperty("index").GetInt32(), note.GetProperty("field").GetString() ?? "")),
    ];
}
