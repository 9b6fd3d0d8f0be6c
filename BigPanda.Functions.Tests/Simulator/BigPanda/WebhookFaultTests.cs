using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class WebhookFaultTests
{
    [Fact]
    public async Task A_webhook_can_come_several_times()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"webhook","duplicate":3}""");

        await driver.PlayAsync("""{"wait":true}""");

        Assert.Equal(3, driver.Receiver.Webhooks.Count);
        Assert.Single(driver.Receiver.Webhooks.Select(w => w.Body).Distinct());
    }

    [Fact]
    public async Task Webhooks_can_come_last_first()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"webhook","reorder":true,"times":3}""");

        await driver.PlayAsync("""{"steps":["new","update","close","reopen"],"wait":true}""");

        Assert.Equal(
            ["incident#closed", "incident#updated", "incident#new", "incident#reopen"],
            driver.Receiver.Webhooks.Select(w => w.Events[0]));
    }

    [Fact]
    public async Task Held_webhooks_are_sent_when_the_faults_are_removed()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"webhook","reorder":true,"times":10}""");
        var played = await driver.PlayAsync("""{"steps":["new","close"],"wait":true}""");
        Assert.Empty(driver.Receiver.Webhooks);

        await driver.DeleteAsync("/_simulator/faults");

        Assert.Contains("Held", (string?)played.Node["webhooks"]?[0]?["error"], StringComparison.Ordinal);
        Assert.Equal(["incident#closed", "incident#new"], driver.Receiver.Webhooks.Select(w => w.Events[0]));
    }

    [Fact]
    public async Task A_webhook_can_be_lost()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"webhook","reset":true}""");

        await driver.PlayAsync("""{"steps":["new","close"],"wait":true}""");

        Assert.Equal("incident#closed", Assert.Single(driver.Receiver.Webhooks).Events[0]);
        Assert.Equal(2, driver.Simulator.Webhooks.Count);
    }

    [Fact]
    public async Task A_webhook_can_come_late()
    {
        var time = new ManualTimeProvider();
        await using var driver = await SimulatorDriver.StartAsync(time: time);
        await driver.FaultAsync("""{"match":"webhook","delayMs":20000}""");

        var play = driver.PlayAsync("""{"wait":true}""");
        await time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(20));
        Assert.Empty(driver.Receiver.Webhooks);
        time.Advance(TimeSpan.FromSeconds(20));
        await play;

        Assert.Single(driver.Receiver.Webhooks);
    }
}
