using System.Diagnostics;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost;
using BigPanda.LocalHost.Azurite;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class AzuriteProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bigpanda-azurite-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Tables_survive_a_stop_and_a_start_on_the_same_port()
    {
        await using var first = await StartAsync();
        await WriteAsync(first.ConnectionString, "kept");
        await first.StopAsync(CancellationToken.None);

        await using var second = await StartAsync();

        Assert.Equal(first.Port, second.Port);
        Assert.True(await ExistsAsync(second.ConnectionString, "kept"));
    }

    [Fact]
    public async Task Tables_can_be_taken_away_and_given_back()
    {
        await using var azurite = await StartAsync();
        await WriteAsync(azurite.ConnectionString, "before");

        await azurite.SuspendAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(azurite.ConnectionString, "meanwhile"));
        await azurite.ResumeAsync(CancellationToken.None);
        await WriteAsync(azurite.ConnectionString, "after");

        Assert.True(await ExistsAsync(azurite.ConnectionString, "before"));
        Assert.True(await ExistsAsync(azurite.ConnectionString, "after"));
    }

    [Fact]
    public async Task A_second_start_on_the_folder_ends_the_first_and_loses_nothing()
    {
        await using var first = await StartAsync();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        first.Exited += (_, _) => ended.TrySetResult();
        await WriteAsync(first.ConnectionString, "kept");

        await using var second = await StartAsync(earlierRunEndsWithin: TimeSpan.FromMilliseconds(500));

        await ended.Task.WaitAsync(Eventually.Deadline);
        Assert.True(await ExistsAsync(second.ConnectionString, "kept"));
    }

    [Fact]
    public async Task A_start_waits_for_the_first_that_is_stopping()
    {
        await using var first = await StartAsync();
        await WriteAsync(first.ConnectionString, "kept");

        var stopping = first.StopAsync(CancellationToken.None);
        await using var second = await StartAsync();
        await stopping;

        Assert.True(await ExistsAsync(second.ConnectionString, "kept"));
    }

    [Fact]
    public async Task Killing_the_process_that_started_it_loses_no_row_and_leaves_no_process()
    {
        var port = FreePort.Choose(null);
        using var host = StartHost(port);
        var azurite = int.Parse((await host.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Deadline))!, System.Globalization.CultureInfo.InvariantCulture);
        while (await host.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Deadline) is { } line && !line.Contains("successfully", StringComparison.Ordinal))
        {
        }

        await WriteAsync(AzuriteAccount.ConnectionString(port), "kept");
        using var process = Process.GetProcessById(azurite);
        host.Kill();
        await process.WaitForExitAsync().WaitAsync(Eventually.Deadline);

        await using var next = await StartAsync();
        Assert.True(await ExistsAsync(next.ConnectionString, "kept"));
    }

    [UnixFact]
    public async Task A_signal_lets_the_host_drain_and_a_second_one_does_not()
    {
        await using var azurite = await StartAsync();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        azurite.Exited += (_, _) => ended.TrySetResult();
        var id = AzuriteRecord.Read(_folder.FullName)!.Pid;

        UnixSignal.TrySend(id, UnixSignal.Interrupt);
        await WriteAsync(azurite.ConnectionString, "while draining");
        Assert.False(ended.Task.IsCompleted);
        UnixSignal.TrySend(id, UnixSignal.Terminate);

        await ended.Task.WaitAsync(Eventually.Deadline);
        await azurite.ResumeAsync(CancellationToken.None);
        Assert.True(await ExistsAsync(azurite.ConnectionString, "while draining"));
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var first = await StartAsync();

        var failure = await Assert.ThrowsAsync<LocalHostException>(() => AzuriteProcess.StartAsync(
            new AzuriteOptions { InMemory = true, Port = first.Port }, NullLogger.Instance, TimeProvider.System, CancellationToken.None));

        Assert.Contains($"Port {first.Port} on 127.0.0.1 is taken", failure.Message, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(string connectionString, string row)
    {
        var table = Table(connectionString);
        await table.CreateIfNotExistsAsync();
        await table.UpsertEntityAsync(new TableEntity("p", row));
    }

    private static async Task<bool> ExistsAsync(string connectionString, string row) =>
        (await Table(connectionString).GetEntityIfExistsAsync<TableEntity>("p", row)).HasValue;

    private static TableClient Table(string connectionString)
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        return new TableClient(connectionString, "kept", options);
    }

    private Task<AzuriteProcess> StartAsync(TimeSpan? earlierRunEndsWithin = null)
    {
        var options = new AzuriteOptions { Directory = _folder.FullName };
        if (earlierRunEndsWithin is { } limit)
            options = options with { EarlierRunEndsWithin = limit };
        return AzuriteProcess.StartAsync(options, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
    }

    // Plays the local host: holds the pipe, prints the process id of its Azurite and then Azurite's output.
    private Process StartHost(int port)
    {
        const string program = """
            const child = require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
            console.log(child.pid);
            child.stdout.pipe(process.stdout);
            """;
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            "-e", program, "--", AzuriteFolder.FindScript(), "--location", _folder.FullName, "--silent", "--disableTelemetry",
            "--skipApiVersionCheck", "--tableHost", "127.0.0.1", "--tablePort", $"{port}",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no signals to send." : null;
    }
}
