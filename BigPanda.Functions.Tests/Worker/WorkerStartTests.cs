namespace BigPanda.Functions.Tests.Worker;

/// <summary>How the worker's process starts and exits.</summary>
public sealed class WorkerStartTests
{
    [Fact]
    public async Task Asked_to_end_the_worker_ends_with_exit_code_0()
    {
        await using var worker = await RunningWorker.StartAsync(WorkerSettings.With());

        var code = await worker.TerminateAsync().WaitAsync(WorkerProcess.Deadline);

        Assert.True(code == 0, $"The worker ended with {code}: {worker.Process.Printed}");
    }

    [Theory]
    [InlineData("StorageConnection__tableServiceUri")]
    [InlineData("ServiceBusConnection__fullyQualifiedNamespace")]
    [InlineData("KeyVaultUri")]
    public Task Without_a_setting_the_worker_ends_and_names_it(string name) => EndsNamingAsync(name, WorkerSettings.Without(name));

    [Theory]
    [InlineData("StorageConnection", "DefaultEndpointsProtocol=https;AccountName=alerts;AccountKey=never-to-be-shown")]
    [InlineData("StorageConnection", "never-to-be-shown")]
    [InlineData("ServiceBusConnection", "Endpoint=sb://bus.example.com/;SharedAccessKey=never-to-be-shown")]
    [InlineData("KeyVaultUri", "never-to-be-shown")]
    [InlineData("BigPanda__Region", "never-to-be-shown")]
    [InlineData("BigPanda__ApiBaseUrl", "https://user:never-to-be-shown@[")]
    [InlineData("BigPanda__CallsPerSecond", "never-to-be-shown")]
    [InlineData("Intake__MaxBodyBytes", "never-to-be-shown")]
    public async Task With_a_bad_setting_the_worker_ends_and_names_it_without_its_value(string name, string value)
    {
        var printed = await EndsNamingAsync(name, WorkerSettings.With((name, value)));

        Assert.DoesNotContain("never-to-be-shown", printed, StringComparison.Ordinal);
    }

    [OnServiceBusStandInFact]
    public async Task On_the_stand_in_of_the_Service_Bus_extension_the_worker_does_not_start()
    {
        var printed = await EndsNamingAsync(
            "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus", WorkerSettings.Without(ServiceBusExtension.StandInAllowed));

        Assert.Single(printed.Split(Environment.NewLine));
    }

    private static async Task<string> EndsNamingAsync(string name, IReadOnlyDictionary<string, string> settings)
    {
        await using var host = await FunctionsHost.StartAsync();
        await using var worker = WorkerProcess.Start(host.Address, settings);

        var code = await worker.ExitAsync().WaitAsync(WorkerProcess.Deadline);

        Assert.NotEqual(0, code);
        Assert.Contains(name, worker.Printed, StringComparison.Ordinal);
        return worker.Printed;
    }
}
