using System.Reflection;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.BigPanda.Connection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>The alert functions-failing counts exceptions of timers, so an outage, which other alerts report, must not cause one.</summary>
public sealed class TimersDuringOutagesTests(StorageOutageFixture app) : IClassFixture<StorageOutageFixture>, IDisposable
{
    private static IEnumerable<string> Timers =>
        from method in typeof(AppServices).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        where method.GetParameters().Any(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>() is not null)
        select method.GetCustomAttribute<FunctionAttribute>()?.Name ?? method.Name;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task Timers_do_not_fail_while_the_tables_are_down()
    {
        await app.Host.Azurite.SuspendAsync(CancellationToken.None);
        var failures = await Task.WhenAll(Timers.Select(timer => Record.ExceptionAsync(() => app.Host.InvokeTimerAsync(timer))));
        await app.Host.Azurite.ResumeAsync(CancellationToken.None);

        Assert.True(failures.Length >= 4, "The timers were not found.");
        Assert.All(failures, Assert.Null);
    }

    [Fact]
    public async Task Timers_do_not_fail_while_the_vault_is_down()
    {
        app.BigPanda.RefuseKey(401);
        var id = IncidentWebhook.NewId();
        await app.Bridge.FireAsync(IncidentWebhook.New(id));
        (await app.Bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await app.Bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "parked");
        using var http = new HttpClient();
        var services = app.Host.Services;
        using var unreadable = ActivatorUtilities.CreateInstance<CredentialCache<BigPandaCredential>>(services, new VaultAway());
        var calls = new ApiCaller(
            BigPandaApi.Called, CredentialSource.Of(unreadable, stored => stored, ""), Keyed<RateLimiter>(), Keyed<CallPauses>(), Keyed<ApiCalls>(),
            Keyed<LatestCall>(), TimeProvider.System);
        var watch = ActivatorUtilities.CreateInstance<KeyExpiryCheck>(services, unreadable);
        var client = ActivatorUtilities.CreateInstance<BigPandaClient>(services, http, calls);

        await ActivatorUtilities.CreateInstance<CheckKeyExpiryFunction>(services, watch).RunAsync(new TimerInfo(), CancellationToken.None);
        IActionTarget[] targets = [ActivatorUtilities.CreateInstance<BigPandaTarget>(services, client)];
        await ActivatorUtilities.CreateInstance<ReleaseParkedActionsFunction>(services, [targets]).RunAsync(new TimerInfo(), CancellationToken.None);

        await Assert.ThrowsAsync<CredentialUnreadableException>(() => client.CheckKeyAsync(CancellationToken.None));
    }

    private T Keyed<T>()
        where T : notnull => app.Host.Services.GetRequiredKeyedService<T>(BigPandaApi.Key);

    private sealed class VaultAway : ICredentialStore<BigPandaCredential>
    {
        public Task<BigPandaCredential?> ReadAsync(CancellationToken cancellationToken) => throw new IOException("no route to the vault");

        public Task WriteAsync(BigPandaCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
