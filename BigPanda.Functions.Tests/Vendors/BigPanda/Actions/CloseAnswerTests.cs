using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>What becomes of a close for each answer of BigPanda that comes once, five times, and for ever: in virtual time.</summary>
public sealed class CloseAnswerTests
{
    private const int ForEver = int.MaxValue;

    private static readonly string[] Passing =
    [
        "302", "307", "408", "425", "429", "500", "502", "503", "504", "520", "page", "other JSON", "nothing", "another status", "no name", "refused",
        "no TLS", "cut off", "timeout",
    ];

    public static TheoryData<string> Lasting => ["400", "402", "404", "405", "410", "413", "415", "422", "501"];

    public static TheoryData<string, int> PassingOnes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var answer in Passing) foreach (var times in (int[])[1, 5, ForEver]) data.Add(answer, times);
            return data;
        }
    }

    /// <summary>Fourteen attempts over some sixteen hours, none before its time.</summary>
    [Theory]
    [MemberData(nameof(PassingOnes))]
    public void What_may_pass_is_retried_on_the_schedule_until_it_has(string answer, int times)
    {
        var run = Run(answer, times);

        var attempts = Math.Min((long)times + 1, BigPandaTarget.Retries.Tries);
        Assert.Equal(attempts, run.Calls.Count);
        Assert.All(
            run.Calls.Zip(run.Calls.Skip(1)).Index(),
            pair => Assert.InRange(pair.Item.Second - pair.Item.First, BigPandaTarget.Retries.GetDelay(pair.Index + 1, null, 0), TimeSpan.FromHours(10)));
        Assert.Equal(times == ForEver ? ActionResult.Failed : ActionResult.Accepted, run.Result);
        if (times == ForEver) Assert.Contains("failed after 14 attempts", Assert.Single(run.DeadLetters), StringComparison.Ordinal);
        else Assert.Empty(run.DeadLetters);
    }

    [Theory]
    [MemberData(nameof(Lasting))]
    public void What_will_not_pass_is_a_dead_letter_after_one_call(string answer)
    {
        var run = Run(answer, ForEver);

        Assert.Equal((1, ActionResult.Failed), (run.Calls.Count, run.Result));
        Assert.Contains(answer, Assert.Single(run.DeadLetters), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("401")]
    [InlineData("403")]
    public void What_another_key_would_change_is_parked_after_one_call(string answer)
    {
        var run = Run(answer, ForEver);

        Assert.Equal((1, ActionResult.Parked, 0), (run.Calls.Count, run.Result, run.DeadLetters.Count));
    }

    /// <summary>Another instance has stored another key and address, which this one has not read yet.</summary>
    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public void What_the_former_key_is_refused_is_tried_once_more_with_the_present_one(int status)
    {
        var (calls, result) = VirtualWorld.Run(async world =>
        {
            var (tables, queue, bigPanda) = (new MemoryTables(world.Time), new ActionQueue { DeadLetters = [] }, new TakingBigPanda(world.Time));
            bigPanda.Answer = _ => bigPanda.Keys[^1]?.Contains("a-key", StringComparison.Ordinal) == true ? Response(status, "{}") : null;
            await ClosingAlerts.AddAsync(tables, queue, "incident");
            var instance = new AppInstance(world, tables, queue, bigPanda);
            await instance.Client.CheckKeyAsync(CancellationToken.None);
            instance.Key = new("another", "https://api.example.com", null) { ConnectionId = "two" };
            await Task.Delay(TimeSpan.FromSeconds(6), world.Time, CancellationToken.None);
            await instance.WorkAsync(queue);
            await instance.DisposeAsync();
            var report = queue.Sent.Single(sent => sent.Queue == Queues.AlertEvents).Message;
            return (bigPanda.Keys.Count, JsonSerializer.Deserialize(report.Body, AlertEventJson.Default.ActionReported)?.Result);
        });

        // The check, and the close with either key.
        Assert.Equal((3, ActionResult.Accepted), (calls, result));
    }

    [Fact]
    public void An_incident_that_is_closed_already_is_a_success()
    {
        var run = Run("409", ForEver);

        Assert.Equal((1, ActionResult.Closed, 0), (run.Calls.Count, run.Result, run.DeadLetters.Count));
    }

    private static Ended Run(string answer, int times) => VirtualWorld.Run(async world =>
    {
        var (tables, queue, bigPanda) = (new MemoryTables(world.Time), new ActionQueue { DeadLetters = [] }, new TakingBigPanda(world.Time));
        List<DateTimeOffset> calls = [];
        bigPanda.Answer = path =>
        {
            if (!path.EndsWith("/resolve", StringComparison.Ordinal)) return null;
            calls.Add(world.Time.GetUtcNow());
            return calls.Count <= times ? Answer(answer) : null;
        };
        await ClosingAlerts.AddAsync(tables, queue, "incident");
        var instance = new AppInstance(world, tables, queue, bigPanda);
        for (var taken = 0; taken <= queue.Sent.Count;)
        {
            await instance.WorkAsync(queue);
            var again = queue.Sent.FindIndex(taken, sent => sent.Queue == Queues.BigPandaActions);
            if (again < 0 || queue.Sent[again].Message is not { } next || next.ApplicationProperties.ContainsKey(MessageProperties.Stage)) break;
            taken = again + 1;
            await Task.Delay(next.ScheduledEnqueueTime - world.Time.GetUtcNow(), world.Time, CancellationToken.None);
            queue.Add(next);
        }

        await instance.DisposeAsync();
        var reports = queue.Sent.Where(sent => sent.Queue == Queues.AlertEvents)
            .Select(sent => JsonSerializer.Deserialize(sent.Message.Body, AlertEventJson.Default.ActionReported));
        return new Ended(calls, reports.Last()?.Result, queue.DeadLetters);
    });

    private static HttpResponseMessage Answer(string answer) => answer switch
    {
        "page" => Response(200, "<html>Sign in</html>", "text/html"),
        "other JSON" => Response(200, """{"login":"https://sso.example.com"}"""),
        "nothing" => Response(200, ""),
        "another status" => Response(201, """{"status":201,"data":{}}"""),
        "no name" => throw new HttpRequestException(HttpRequestError.NameResolutionError, answer),
        "refused" => throw new HttpRequestException(HttpRequestError.ConnectionError, answer),
        "no TLS" => throw new HttpRequestException(HttpRequestError.SecureConnectionError, answer),
        "cut off" => throw new HttpRequestException(HttpRequestError.ResponseEnded, answer),
        "timeout" => throw new TaskCanceledException(answer),
        _ => Response(int.Parse(answer, CultureInfo.InvariantCulture), """{"errors":["no"]}"""),
    };

    private static HttpResponseMessage Response(int status, string body, string type = "application/json") =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };

    private sealed record Ended(IReadOnlyList<DateTimeOffset> Calls, ActionResult? Result, IReadOnlyList<string> DeadLetters);
}
