using BigPanda.Benchmarks.Load;

namespace BigPanda.Benchmarks.Servers;

internal interface IServer : IAsyncDisposable
{
    Target Target { get; }

    /// <summary>Messages that wait or are in work, where there are any.</summary>
    int Waiting => 0;
}
