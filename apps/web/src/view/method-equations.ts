/** Loss of each method as the head of its file states it, in TeX. A test holds the names to the registry. */
export const methodEquations: Readonly<Record<string, readonly string[]>> = {
  joint: [String.raw`L = \sum_{k=1}^{K} w_k\, \mathrm{CE}(z_k, y)`],
  byot: [
    String.raw`\begin{aligned} L ={}& (1-\alpha) \sum_{k=1}^{K} \mathrm{CE}(z_k, y) + \alpha\, T^2 \sum_{k<K} H\!\left(p_K^{T}, p_k^{T}\right) \\ &+ \beta \sum_{k<K} F(f_k, f_K) \end{aligned}`,
    String.raw`F(f, g) = \sum_{b,c} (f - g)^2\, \big[\, f > 0 \lor g > 0 \,\big]`,
  ],
  'phuong-lampert': [
    String.raw`L = \frac{1}{K} \sum_{k=1}^{K} \mathrm{CE}(z_k, y) + \frac{1}{K} \sum_{k=1}^{K} \frac{1}{|T(k)|} \sum_{t \in T(k)} \ell_\tau(p_t, p_k)`,
    String.raw`\ell_\tau(t, s) = -\tau^2 \sum_{c} t_c^{1/\tau} \log s_c^{1/\tau}, \qquad \tau \leftarrow 1.05\, \tau \ \text{ while the teacher is surer than } \mu`,
  ],
  dks: [
    String.raw`L = \sum_{k=1}^{K} \mathrm{CE}(z_k, y) + \alpha \sum_{k=1}^{K} \sum_{j \neq k} \mathrm{KL}\!\left(p_j \,\|\, p_k\right)`,
  ],
  eed: [
    String.raw`L = \sum_{k=1}^{K} \mathrm{CE}(z_k, y) + a \sum_{k=1}^{K} \operatorname{mean}\,(z_k - \bar z)^2 + b \sum_{k=1}^{K} \operatorname{mean}\,(f_k - \bar f)^2 \big[\, f_k > 0 \lor \bar f > 0 \,\big]`,
    String.raw`\bar z = \frac{1}{K} \sum_{k} z_k, \qquad \bar f = \frac{1}{K} \sum_{k} f_k`,
  ],
  beed: [
    String.raw`\begin{aligned} L ={}& \sum_{k=1}^{K} \Big[ \big(2 - A^{K-k}\big)\, \mathrm{CE}(z_k, y) + A^{K-k}\, T^2\, \mathrm{KL}\!\big(\sigma(\bar z / T) \,\|\, \sigma(z_k / T)\big) \Big] \\ &+ b \sum_{k=1}^{K} \operatorname{mean}\,(f_k - \bar f)^2 \end{aligned}`,
    String.raw`w_k = \frac{B^{k-1}}{\sum_j B^{j-1}}, \qquad \bar z = \sum_k w_k z_k, \qquad \bar f = \sum_k w_k f_k`,
  ],
  okddip: [
    String.raw`\begin{aligned} L ={}& \sum_{i<K} \mathrm{CE}(z_i, y) + \mathrm{CE}(z_K, y) \\ &+ \alpha\, w(e) \Big[ \sum_{i<K} \mathrm{KD}(t_i, z_i) + \mathrm{KD}\!\big(\textstyle\operatorname{mean}_{j<K} z_j,\, z_K\big) \Big] \end{aligned}`,
    String.raw`t_i = \sum_{j<K} A_{ij} z_j, \qquad A = \operatorname{softmax}_j \langle W_q f_i,\, W_k f_j \rangle, \qquad \mathrm{KD}(t, z) = T^2\, \mathrm{KL}\!\big(\sigma(t/T) \,\|\, \sigma(z/T)\big)`,
  ],
  'tf-kd': [
    String.raw`L = \sum_{k=1}^{K} \Big[ (1-\alpha)\, \mathrm{CE}(z_k, y) + \alpha\, \beta\, \mathrm{KL}\!\big(q_k \,\|\, \sigma(z_k / S)\big) \Big]`,
    String.raw`\text{regularisation:} \quad q_k = \sigma(d / T),\ S = 1, \qquad d_c = a \ \text{ for the right class},\ \frac{1-a}{C-1} \ \text{ for the others}`,
    String.raw`\text{self-training:} \quad q_k = \sigma(t_k / T),\ S = T, \qquad t_k: z_k \text{ of the same network, trained before}`,
  ],
  'cs-kd': [
    String.raw`L = \sum_{k=1}^{K} \Big[ \mathrm{CE}(z_k(x), y) + \lambda\, T^2\, \mathrm{KL}\!\big(\sigma(z_k(x') / T) \,\|\, \sigma(z_k(x) / T)\big) \Big], \qquad x' \text{ of the class of } x`,
  ],
  ddgsd: [
    String.raw`\begin{aligned} L = \sum_{k=1}^{K} \Big[ & \mathrm{CE}(z_k^a, y) + \mathrm{CE}(z_k^b, y) \\ &+ \lambda\, T^2 \big( \mathrm{KL}(p_k^b \,\|\, p_k^a) + \mathrm{KL}(p_k^a \,\|\, p_k^b) \big) + \mu\, \big\lVert \operatorname{mean} f_k^a - \operatorname{mean} f_k^b \big\rVert^2 \Big] \end{aligned}`,
  ],
  bake: [
    String.raw`L = \sum_{k=1}^{K} \Big[ \mathrm{CE}(z_k, y) + \lambda\, T^2\, \mathrm{KL}\!\big(Q_k \,\|\, \sigma(z_k / T)\big) \Big]`,
    String.raw`Q = (1-\omega) (I - \omega A)^{-1} \sigma(z / T), \qquad A_{ij} = \operatorname{softmax}_{j \neq i} \frac{\langle f_i, f_j \rangle}{\lVert f_i \rVert\, \lVert f_j \rVert} \ \text{ over the images of the batch}`,
  ],
  lwr: [
    String.raw`L = \sum_{k=1}^{K} \Big[ (1-w)\, \mathrm{CE}(z_k, y) + w\, T^2\, \mathrm{KL}\!\big(\sigma(r_k / T) \,\|\, \sigma(z_k / T)\big) \Big]`,
    String.raw`w = (1-g)\, \frac{m \lfloor e / m \rfloor}{E} \ \text{ for } e > m, \text{ else } 0, \qquad r_k: z_k \text{ of the image at the end of the last } m \text{ epochs}`,
  ],
  'ps-kd': [
    String.raw`L = \sum_{k=1}^{K} H\!\left((1-a_t)\, y + a_t\, p_k^{(t-1)},\; p_k^{(t)}\right), \qquad a_t = a_E\, \frac{t}{E}`,
  ],
  snapshot: [
    String.raw`L = \sum_{k=1}^{K} \Big[ \big(1 + \tfrac{1}{T}\big)\, \mathrm{CE}(z_k, y) + T^2\, H\!\big(\sigma(c_k / T),\, \sigma(z_k / T)\big) \Big], \qquad c_k: z_k \text{ of the network that ended the last cycle}`,
  ],
  sdn: [
    String.raw`L = \mathrm{CE}(z_K, y) + \sum_{k<K} \tau_k(e)\, \mathrm{CE}(z_k, y), \qquad \tau_k(e) = \min\!\big(m_k,\ 0.01 + m_k\, e / E\big)`,
  ],
  boosted: [
    String.raw`L = \sum_{k=1}^{K} \mathrm{CE}\!\big(z_k + r\, [F_{k-1}],\, y\big), \qquad F_k = z_k + r\, F_{k-1}`,
    String.raw`\text{exit } k \text{ predicts by } F_k; \qquad [\,\cdot\,] \text{ is a constant}`,
  ],
  imta: [
    String.raw`\begin{aligned} L ={}& \mathrm{CE}(z_K, y) + \sum_{k<K} \Big[ (1-\gamma)\, \mathrm{CE}(z_k, y) + \gamma\, T^2\, \mathrm{KL}\!\big(\sigma([z_K]/T) \,\|\, \sigma(z_k/T)\big) \Big] \end{aligned}`,
    String.raw`\nabla_{x_k} = \frac{1}{K-k+1}\, \nabla^{\text{head}} + \frac{K-k}{K-k+1}\, \nabla^{\text{onward}} \quad \text{where exit } k \text{ leaves the backbone}`,
  ],
  dml: [
    String.raw`L = \sum_{k=1}^{K} \mathrm{CE}(z_k, y) + \frac{1}{K-1} \sum_{k=1}^{K} \sum_{j \neq k} T^2\, \mathrm{KL}\!\big([p_j] \,\|\, p_k\big)`,
  ],
  codistillation: [
    String.raw`L = \sum_{k=1}^{K} \Big[ \mathrm{CE}(z_k, y) + \alpha(e)\, H\!\Big( \Big[ \frac{1}{K-1} \sum_{j \neq k} p_j \Big],\, p_k \Big) \Big]`,
  ],
  'cl-ilr': [
    String.raw`L = \sum_{k=1}^{K} \Big[ \mathrm{CE}(z_k, y) + \alpha\, w(e)\, \mathrm{KD}\!\Big( \Big[ \frac{1}{K-1} \sum_{j \neq k} z_j \Big],\, z_k \Big) \Big], \qquad \mathrm{KD}(t, z) = T^2\, \mathrm{KL}\!\big(\sigma(t/T) \,\|\, \sigma(z/T)\big)`,
    String.raw`\nabla_{x_k} = \frac{1}{K-k+1}\, \nabla^{\text{head}} + \frac{K-k}{K-k+1}\, \nabla^{\text{onward}} \quad \text{where exit } k \text{ leaves the backbone}`,
  ],
  one: [
    String.raw`L = \sum_{k=1}^{K} \mathrm{CE}(z_k, y) + \mathrm{CE}(t, y) + \alpha\, w(e) \sum_{k=1}^{K} T^2\, \mathrm{KL}\!\big(\sigma([t]/T) \,\|\, \sigma(z_k/T)\big)`,
    String.raw`t = \sum_{k=1}^{K} g_k z_k, \qquad g = \sigma\big(\mathrm{ReLU}(\mathrm{BN}(W f_1))\big)`,
  ],
  loth: [
    String.raw`\begin{aligned} L ={}& \mathrm{CE}(z_f, y) + \mathrm{KD}([\bar z], z_f) \\ &+ \sum_{k=1}^{K} \Big[ \big(2 - A^{K-k+1}\big)\, \mathrm{CE}(z_k, y) + A^{K-k+1}\, \mathrm{KD}([z_f], z_k) \Big] \end{aligned}`,
    String.raw`\bar z = \frac{1}{K} \sum_k z_k, \qquad z_f = \mathrm{fusion}(m_1, \ldots, m_K), \qquad \mathrm{KD}(t, z) = T^2\, \mathrm{KL}\!\big(\sigma(t/T) \,\|\, \sigma(z/T)\big)`,
  ],
  kd: [
    String.raw`L = \sum_{k=1}^{K} \Big[ (1-\alpha)\, \mathrm{CE}(z_k, y) + \alpha\, T^2\, \mathrm{KL}\!\big(\sigma(t / T) \,\|\, \sigma(z_k / T)\big) \Big], \qquad t \text{ of the teacher}`,
  ],
  'ba-caruana': [
    String.raw`L = \sum_{k=1}^{K} \frac{1}{2B} \sum_{b} \lVert z_k - t \rVert^2, \qquad t \text{ the logits of the teacher}`,
  ],
  'born-again': [
    String.raw`L = \sum_{k=1}^{K} \Big[ w\, \mathrm{CE}(z_k, y) + H\big(\sigma(t), \sigma(z_k)\big) \Big], \qquad t \text{ of the generation before}`,
  ],
  'tolerant-teacher': [
    String.raw`L = \sum_{k=1}^{K} \Big[ \mathrm{CE}(z_k, y) + \eta \Big( p_k^{(1)} - \frac{1}{m-1} \sum_{c=2}^{m} p_k^{(c)} \Big) \Big] \ \text{ without a teacher}`,
    String.raw`L = \sum_{k=1}^{K} \Big[ \mathrm{CE}(z_k, y) + \lambda\, \mathrm{KL}\!\big(\sigma(t) \,\|\, \sigma(z_k)\big) \Big] \ \text{ with one}, \qquad p_k^{(c)} \text{ the } c\text{-th largest probability}`,
  ],
  takd: [
    String.raw`L = \sum_{k=1}^{K} \Big[ (1-\lambda)\, \mathrm{CE}(z_k, y) + \lambda\, T^2\, \mathrm{KL}\!\big(\sigma(t / T) \,\|\, \sigma(z_k / T)\big) \Big], \qquad t \text{ of the network next in size}`,
  ],
  dgkd: [
    String.raw`L = \sum_{k=1}^{K} \Big[ n\, (1-\lambda)\, \mathrm{CE}(z_k, y) + \lambda\, T^2 \sum_{i \in S} \mathrm{KL}\!\big(\sigma(t_i / T) \,\|\, \sigma(z_k / T)\big) \Big], \qquad t_1 \text{ to } t_n \text{ the teachers, } S \text{ those of the step}`,
  ],
  mate: [
    String.raw`\begin{aligned} L ={}& c(e) \Big[ \sum_{k=1}^{K} \mathrm{CE}(z_k, y) + g \sum_{i=1}^{K} \mathrm{CE}(t_i, y) \Big] \\ &+ \alpha\, w(e) \sum_{k=1}^{K} \Big[ p\, \mathrm{KD}(t_k, z_k) + \frac{1-p}{K-1} \sum_{i \neq k} \mathrm{KD}(t_i, z_k) \Big] \end{aligned}`,
    String.raw`t_i = \sum_{j=1}^{K} A_{ij} z_j, \qquad A = \operatorname{softmax}_j \frac{\langle W_q f_i + b_q,\, W_k f_j + b_k \rangle}{\sqrt d}, \qquad \mathrm{KD}(t, z) = T^2\, \mathrm{KL}\!\big(\sigma(t/T) \,\|\, \sigma(z/T)\big)`,
    String.raw`\text{ramp: } c = 1,\ w = e^{-5 (1 - \min(e, R)/R)^2} \qquad \text{shift: } c = 1 - w,\ w = s\, \frac{n \lfloor e/n \rfloor}{E}`,
  ],
}

/** The letters of the equations. */
export const equationLetters =
  'z: logits, p: their softmax, f: feature vector of an exit, m: its feature map, σ: softmax, y: label, CE: cross-entropy, H: soft cross-entropy, K: number of exits, w(e): ramp over epochs, [·]: taken for a constant.'
