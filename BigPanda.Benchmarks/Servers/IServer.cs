using BigPanda.Benchmarks.Load;

namespace BigPanda.Benchmarks.Servers;

internal interface IServer : IAsyncDisposable
{
    Target Target { get; }
}
