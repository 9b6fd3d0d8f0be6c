using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Demo;

/// <summary>The steps of a story: each comes true in time, or fails the demo with what was seen last.</summary>
internal sealed class DemoSteps(Narrator narrator)
{
    private static readonly TimeSpan StepDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until what is read is as expected, then says so.</summary>
    public async Task WaitUntilAsync<T>(string text, Func<Task<T>> read, Func<T, bool> expected, CancellationToken cancellationToken)
        where T : JsonNode?
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            T seen = await TryAsync(text, read);
            if (expected(seen))
            {
                narrator.Say(text);
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > StepDeadline)
                throw new DemoFailedException(
                    $"no \"{text}\" within {StepDeadline.TotalSeconds:0} s; the last response was {seen?.ToJsonString() ?? "empty"}");
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    public static async Task<T> TryAsync<T>(string step, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException failed)
        {
            throw new DemoFailedException($"{step}: {failed.Message}");
        }
    }

    public static async Task TryAsync(string step, Func<Task> call) => await TryAsync(step, async () =>
    {
        await call();
        return true;
    });
}
