using System.Net.Sockets;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Moq;

namespace BigPanda.Functions.Tests.Monitors.Intake;

/// <summary>Whatever passes is 503: an action group sends again after 503 and never after 500, Alertmanager never after 429.</summary>
public sealed class MonitorOutageTests
{
    private const string Alert = """{"status":"critical","host":"a","timestamp":1793527100}""";

    private readonly MonitorIntake _intake = new();

    public static TheoryData<Exception> Faults =>
    [
        new ServiceBusException("The broker's own words.", ServiceBusFailureReason.ServiceBusy),
        new ServiceBusException("The broker's own words.", ServiceBusFailureReason.QuotaExceeded),
        new TimeoutException(),
        new OperationCanceledException("The try took too long."),
        new SocketException((int)SocketError.ConnectionRefused),
        new UnauthorizedAccessException("Put token failed."),
        // Defects.
        new InvalidOperationException("The broker's own words."),
        new FormatException("The broker's own words."),
    ];

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Whatever_fails_is_answered_503_and_logged(Exception fault)
    {
        _intake.Bus.Sending = _ => throw fault;

        var answer = (await _intake.PostAsync(Alert)).AssertProblem(503);

        Assert.Equal("5", answer.Response.Headers.RetryAfter);
        Assert.DoesNotContain("own words", answer.Text("detail"), StringComparison.Ordinal);
        Assert.NotEmpty(_intake.Log.Lines);
    }

    [Fact]
    public async Task After_a_part_of_the_batch_was_stored_the_whole_is_answered_503_and_a_repeat_has_the_same_ids()
    {
        var alerts = Enumerable.Range(0, 6).Select(i => Alert.Replace("\"a\"", $"\"h{i}\"", StringComparison.Ordinal));
        var batch = $$"""{"alerts":[{{string.Join(',', alerts)}}]}""";
        _intake.Bus.MessagesPerBatch = 2;
        var transfers = 0;
        _intake.Bus.Sending = _ => ++transfers == 2 ? throw new TimeoutException() : Task.CompletedTask;

        (await _intake.PostAsync(batch)).AssertProblem(503);
        var stored = _intake.Bus.Sent.Select(message => message.MessageId).ToList();
        Assert.Equal(202, (await _intake.PostAsync(batch)).Status);

        Assert.Equal(2, stored.Count);
        Assert.Equal(stored, _intake.Bus.Sent.Skip(2).Take(2).Select(message => message.MessageId));
        Assert.Equal(6, _intake.Bus.Sent.Select(message => message.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task Before_the_sources_are_loaded_the_answer_is_503()
    {
        var table = new Mock<TableClient>(MockBehavior.Strict);
        table.Setup(Catalogs.Query).Throws(new Azure.RequestFailedException(503, "busy"));

        (await new MonitorIntake(sources: Catalogs.Over(table.Object)).PostAsync(Alert)).AssertProblem(503);
    }

    [Fact]
    public async Task A_format_of_a_newer_version_is_waited_for() => (await new MonitorIntake("nagios").PostAsync(Alert)).AssertProblem(503);

    [Fact]
    public async Task A_body_that_stops_arriving_is_not_answered_500()
    {
        var answer = await _intake.PostAsync(new BrokenStream(new Microsoft.AspNetCore.Http.BadHttpRequestException("Reading timed out.", 408)));

        answer.AssertProblem(408);
    }

    [Fact]
    public async Task A_caller_who_has_left_gets_no_answer()
    {
        using var caller = new CancellationTokenSource();
        _intake.Bus.Sending = async _ =>
        {
            await caller.CancelAsync();
            throw new ServiceBusException("Aborted.", ServiceBusFailureReason.ServiceCommunicationProblem);
        };

        await Assert.ThrowsAsync<ServiceBusException>(() => _intake.PostAsync(Alert, cancellationToken: caller.Token));
    }
}
