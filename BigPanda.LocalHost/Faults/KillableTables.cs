using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace BigPanda.LocalHost.Faults;

/// <summary>The tables' client with the steps around every transaction, which is the saving of an alert.</summary>
internal sealed class KillableTables(KillPoint kill) : HttpPipelinePolicy
{
    public static TableServiceClient Connect(string connectionString, KillPoint kill)
    {
        // The times of the app's own client.
        var options = new TableClientOptions
        {
            Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(2), NetworkTimeout = TimeSpan.FromSeconds(10) },
        };
        options.AddPolicy(new KillableTables(kill), HttpPipelinePosition.PerRetry);
        return new TableServiceClient(connectionString, options);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The app calls the tables asynchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var isTransaction = message.Request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal);
        if (isTransaction)
            kill.Reach(HostStep.BeforeTransaction);
        await ProcessNextAsync(message, pipeline);
        if (isTransaction)
            kill.Reach(HostStep.AfterTransaction);
    }
}
