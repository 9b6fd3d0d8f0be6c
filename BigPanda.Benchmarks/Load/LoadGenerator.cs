using System.Diagnostics;
using System.Net.Sockets;

namespace BigPanda.Benchmarks.Load;

/// <summary>
/// A closed loop over keep-alive connections, every request for a new incident. One thread and no HTTP client, because it shares the
/// machine with the server that it measures.
/// </summary>
internal static class LoadGenerator
{
    private const int ResponseTimeoutMicros = 30_000_000;

    public static LoadResult Run(Target target, LoadPlan plan)
    {
        var connections = Enumerable.Range(0, plan.Connections).Select(_ => new LoadConnection(target)).ToDictionary(connection => connection.Socket);
        try
        {
            return Run(connections, plan);
        }
        finally
        {
            foreach (var connection in connections.Values) connection.Dispose();
        }
    }

    private static LoadResult Run(Dictionary<Socket, LoadConnection> connections, LoadPlan plan)
    {
        var micros = new List<long>(plan.Requests);
        var (sent, failed) = (0, 0);
        var start = Stopwatch.GetTimestamp();
        var open = new List<Socket>();
        foreach (var connection in connections.Values.Take(plan.Requests)) Send(connection);

        var ready = new List<Socket>(open.Count);
        while (open.Count > 0)
        {
            ready.Clear();
            ready.AddRange(open);
            Socket.Select(ready, null, null, ResponseTimeoutMicros);
            if (ready.Count == 0) throw new TimeoutException("The server does not respond.");
            foreach (var socket in ready)
            {
                var connection = connections[socket];
                if (!connection.TryReceive(out var status)) continue;
                micros.Add((long)Stopwatch.GetElapsedTime(connection.SentAt).TotalMicroseconds);
                if (status is < 200 or > 299) failed++;
                open.Remove(socket);
                if (sent < plan.Requests && Stopwatch.GetElapsedTime(start) < plan.Longest) Send(connection);
            }
        }

        var time = Stopwatch.GetElapsedTime(start);
        micros.Sort();
        return new LoadResult(time, failed, micros);

        void Send(LoadConnection connection)
        {
            sent++;
            open.Add(connection.Socket);
            connection.Send();
        }
    }
}
