using System.Net.Sockets;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

public sealed class WebhookOutageTests
{
    private readonly Intake _intake = new();

    public static TheoryData<ServiceBusFailureReason> Reasons => [.. Enum.GetValues<ServiceBusFailureReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_broker_that_refuses_the_message_means_503(ServiceBusFailureReason reason)
    {
        _intake.Bus.Sending = _ => throw new ServiceBusException("The broker's own words.", reason);

        await AssertUnavailableAsync();
    }

    public static TheoryData<Exception> Faults =>
    [
        new TimeoutException(),
        new TaskCanceledException("The try took too long."),
        new OperationCanceledException("The try took too long."),
        new SocketException((int)SocketError.ConnectionRefused),
        new IOException("The connection broke."),
        new UnauthorizedAccessException("Put token failed."),
    ];

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_broker_that_cannot_be_reached_means_503(Exception fault)
    {
        _intake.Bus.Sending = _ => throw fault;

        await AssertUnavailableAsync();
    }

    [Fact]
    public async Task After_an_outage_the_same_webhook_is_accepted_with_the_same_id()
    {
        _intake.Bus.Sending = _ => throw new TimeoutException();
        await _intake.PostAsync(Intake.Published);
        _intake.Bus.Sending = _ => Task.CompletedTask;

        var answer = await _intake.PostAsync(Intake.Published);

        Assert.Equal(202, answer.Status);
        Assert.Equal(MessageIdentity.OfDelivery(Intake.SourceId, Samples.Published, out _), answer.Text("messageId"));
    }

    [Fact]
    public async Task A_caller_who_leaves_while_the_broker_is_busy_gets_no_answer()
    {
        using var caller = new CancellationTokenSource();
        _intake.Bus.Sending = async token =>
        {
            await caller.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _intake.PostAsync(Intake.Published, cancellationToken: caller.Token));
        Assert.Empty(_intake.Bus.Sent);
    }

    [Fact]
    public async Task An_error_after_the_caller_has_left_is_not_answered_503()
    {
        using var caller = new CancellationTokenSource();
        _intake.Bus.Sending = async _ =>
        {
            await caller.CancelAsync();
            throw new ServiceBusException("Aborted.", ServiceBusFailureReason.ServiceCommunicationProblem);
        };

        await Assert.ThrowsAsync<ServiceBusException>(() => _intake.PostAsync(Intake.Published, cancellationToken: caller.Token));
    }

    [Fact]
    public async Task A_caller_who_leaves_while_the_body_arrives_gets_no_answer()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => _intake.PostAsync(new BrokenStream(new OperationCanceledException()), 100, cancellationToken: new CancellationToken(true)));
        Assert.Empty(_intake.Bus.Sent);
    }

    [Fact]
    public async Task An_internal_error_is_not_reported_as_an_outage()
    {
        _intake.Bus.Sending = _ => throw new InvalidOperationException("A bug.");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _intake.PostAsync(Intake.Published));
    }

    private async Task AssertUnavailableAsync()
    {
        var answer = (await _intake.PostAsync(Intake.Published)).AssertProblem(503);

        Assert.Equal("5", answer.Response.Headers.RetryAfter);
        Assert.DoesNotContain("own words", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Empty(_intake.Bus.Sent);
    }
}
